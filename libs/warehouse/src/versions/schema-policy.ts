/** Whether a model's new columns may replace the published ones (spec RF4). */
import type { VersionColumn } from './version';

/** `strict`: nothing may change. `additive`: columns may only be added. `any`: everything may change. */
export type SchemaPolicy = 'strict' | 'additive' | 'any';

export interface ColumnChanges {
  added: VersionColumn[];
  removed: VersionColumn[];
  retyped: { name: string; from: string; to: string }[];
  /** The same columns in another order. */
  reordered: boolean;
}

export interface SchemaVerdict extends ColumnChanges {
  ok: boolean;
  /** Empty when ok; else one sentence that names what is in the way and what to do. */
  reason: string;
}

export const columnChanges = (
  old: readonly VersionColumn[],
  next: readonly VersionColumn[],
): ColumnChanges => {
  const before = new Map(old.map((column) => [column.name, column.type]));
  const after = new Map(next.map((column) => [column.name, column.type]));
  const kept = next.filter((column) => before.has(column.name)).map((column) => column.name);
  const keptBefore = old.filter((column) => after.has(column.name)).map((column) => column.name);
  return {
    added: next.filter((column) => !before.has(column.name)),
    removed: old.filter((column) => !after.has(column.name)),
    retyped: next.flatMap(({ name, type }) => {
      const from = before.get(name);
      return from !== undefined && from !== type ? [{ name, from, to: type }] : [];
    }),
    reordered: kept.some((name, index) => name !== keptBefore[index]),
  };
};

const described = ({ added, removed, retyped }: ColumnChanges): string[] => [
  ...added.map(({ name }) => `column "${name}" is new`),
  ...removed.map(({ name }) => `column "${name}" is gone`),
  ...retyped.map(({ name, from, to }) => `column "${name}" turned from ${from} into ${to}`),
];

export const checkSchemaPolicy = (
  old: readonly VersionColumn[],
  next: readonly VersionColumn[],
  policy: SchemaPolicy,
): SchemaVerdict => {
  const changes = columnChanges(old, next);
  const forbidden =
    policy === 'any' ? [] : described(policy === 'additive' ? { ...changes, added: [] } : changes);
  const reason =
    forbidden.length === 0
      ? ''
      : `The ${policy} schema policy forbids this: ${forbidden.join(', ')}. Change the query back or choose a looser policy.`;
  return { ...changes, ok: forbidden.length === 0, reason };
};
