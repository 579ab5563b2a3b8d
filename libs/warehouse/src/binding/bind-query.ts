/**
 * Binds the names of a query to physical tables by common table expressions in front of its own, so that PostgreSQL's
 * scoping decides what shadows what, and the query itself stays outermost: its ORDER BY is the statement's.
 */
import { escapeIdentifier } from 'pg';

import type { ParsedQuery, RelationRef } from '../gate/parsed-query';
import { sqlRefused } from '../gate/refuse';
import type { BoundQuery, Resolve, Target } from './bound-query';
import { chooseNames, relationKey, type ChosenNames } from './choose-names';
import { closeNames } from './close-names';
import { editText, type Edit } from './edit-text';

export interface BindOptions {
  /** Names to suggest from when one is unknown: `ga_main.traffic`, `daily_sessions`. */
  known?: readonly string[];
}

/**
 * Throws `sql_refused` with the position of a name that stands for nothing. `WITH "daily" AS NOT MATERIALIZED (SELECT *
 * FROM p_1.m_42_v18) <query>`: PostgreSQL puts such an expression in line, so that indexes are used as ever.
 */
export const bindQuery = (
  query: ParsedQuery,
  resolve: Resolve,
  { known = [] }: BindOptions = {},
): BoundQuery => {
  const targets = new Map<string, Target>();
  for (const relation of query.relations) {
    const target = resolve({ name: relation.name });
    if (!target) throw unknownName(relation, known);
    targets.set(relationKey(relation), target);
  }
  const names = chooseNames(query);
  const edits = [
    ...prefix(query, names, targets),
    ...relationEdits(query, names),
    ...columnEdits(query, names),
  ];
  if (query.terminator) edits.push({ range: query.terminator, text: '' });
  const edited = editText(query.text, edits);
  const ids = (kind: Target['kind']): string[] =>
    [...new Set([...targets.values()].filter((target) => target.kind === kind).map(({ id }) => id))].sort();
  return {
    // The line break ends a trailing comment, whatever is put behind.
    text: `${edited.text}\n`,
    streams: ids('table'),
    models: ids('model'),
    parameterCount: query.parameterCount,
    usesClock: query.usesClock,
    toUserPosition: edited.toOriginal,
  };
};

const unknownName = ({ name, range }: RelationRef, known: readonly string[]): Error => {
  const written = name.join('.');
  const suggestions = closeNames(written, known).map((close) => `"${close}"`);
  const hint = suggestions.length > 0 ? ` Did you mean ${suggestions.join(' or ')}?` : '';
  return sqlRefused(
    `There is no ${name.length > 1 ? 'table' : 'model'} "${written}" in this project.${hint}`,
    range.start,
  );
};

const prefix = (query: ParsedQuery, { expressions }: ChosenNames, targets: Map<string, Target>): Edit[] => {
  const list = [...expressions]
    .map(
      ([key, name]) =>
        `${escapeIdentifier(name)} AS NOT MATERIALIZED (SELECT * FROM ${targets.get(key)?.physical})`,
    )
    .join(', ');
  if (list === '') return [];
  const at = query.outerWith?.insertAt ?? 0;
  return [{ range: { start: at, end: at }, text: query.outerWith ? ` ${list},` : `WITH ${list}\n` }];
};

/** Models keep their name as written where possible; tables lose their schema, which is a source's slug and no schema at all. */
const relationEdits = (query: ParsedQuery, { expressions, calledInFull }: ChosenNames): Edit[] =>
  query.relations.flatMap((relation, index) => {
    const ownName = relation.name.at(-1) ?? '';
    const expression = expressions.get(relationKey(relation)) ?? ownName;
    if (relation.name.length === 1 && expression === ownName) return [];
    const bare = relation.alias !== undefined || relation.tableCommand || calledInFull.has(index);
    const text = escapeIdentifier(expression) + (bare ? '' : ` AS ${escapeIdentifier(ownName)}`);
    return [{ range: relation.site, text }];
  });

const columnEdits = (query: ParsedQuery, { expressions, calledInFull }: ChosenNames): Edit[] =>
  query.columns.flatMap(({ relation: index, range, withSchema }) => {
    const relation = query.relations[index];
    if (!relation || !(withSchema || calledInFull.has(index))) return [];
    const name = calledInFull.has(index) ? expressions.get(relationKey(relation)) : relation.name.at(-1);
    return [{ range, text: escapeIdentifier(name ?? '') }];
  });
