/** Writes a model's new name into a query that reads it, changing the name alone: what the query means stays the same. */
import { FreshetError } from '@freshet/contracts';
import { parseQuery, type ParsedQuery, type RelationRef } from '@freshet/warehouse';

interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * The query with the new name, or as it was when it doesn't read the model. `FROM daily` becomes `FROM sessions`, with
 * `AS daily` wherever something in the query may still call it so. Throws `conflict` when the new name means something else there.
 */
export async function rewriteName(sql: string, from: string, to: string): Promise<string> {
  const before = await parseQuery(sql);
  const isRenamed = ({ name }: RelationRef): boolean => name.length === 1 && name[0] === from;
  if (!before.relations.some(isRenamed)) return sql;
  const written = await asWritten(to);
  const keepsAlias = isCalled(before, from, isRenamed) || mentions(sql, to);
  const edits = before.relations.flatMap((relation, index): Edit[] => {
    if (!isRenamed(relation)) return [];
    const { range, site, alias, tableCommand } = relation;
    const name = { ...range, text: written };
    if (alias !== undefined) return [name];
    // TABLE takes no alias: the columns that are called by its name have to be written anew.
    if (tableCommand)
      return [
        name,
        ...before.columns
          .filter((column) => column.relation === index)
          .map((column) => ({ ...column.range, text: written })),
      ];
    if (!keepsAlias) return [name];
    return [name, { start: site.end, end: site.end, text: ` AS ${sql.slice(range.start, range.end)}` }];
  });
  const after = applyEdits(sql, edits);
  if (await meansTheSame(before, after, from, to)) return after;
  throw new FreshetError(
    'conflict',
    `The name ${to} already means something else in a query that reads ${from}. Choose another name, or change that query first.`,
  );
}

/** Whether a query reads the model of that name; one that the gate refuses reads nothing. */
export const readsModel = (sql: string, name: string): Promise<boolean> =>
  parseQuery(sql).then(
    ({ relations }) => relations.some((relation) => relation.name.length === 1 && relation.name[0] === name),
    () => false,
  );

/** Something beside the places where it is read may call the model by its old name: a column, a whole row. */
function isCalled(
  { text, relations }: ParsedQuery,
  name: string,
  isRenamed: (relation: RelationRef) => boolean,
): boolean {
  const rest = applyEdits(
    text,
    relations.filter(isRenamed).map(({ range }) => ({ ...range, text: ' ' })),
  );
  return mentions(rest, name);
}

const mentions = (text: string, name: string): boolean => new RegExp(`\\b${name}\\b`, 'i').test(text);

/** In quotes where the bare word is one of SQL's own. */
async function asWritten(name: string): Promise<string> {
  const isPlain = await parseQuery(`select * from ${name}`).then(
    ({ relations }) => relations[0]?.name[0] === name && relations[0].alias === undefined,
    () => false,
  );
  return isPlain ? name : `"${name}"`;
}

/** All tables and models in the same order, called the same, and nothing else read. */
async function meansTheSame(before: ParsedQuery, text: string, from: string, to: string): Promise<boolean> {
  const after = await parseQuery(text).catch(() => null);
  if (!after || after.relations.length !== before.relations.length) return false;
  return before.relations.every((relation, index) => {
    const now = after.relations[index];
    const renamed = relation.name.length === 1 && relation.name[0] === from;
    const isSame = now && now.name.join('.') === (renamed ? to : relation.name.join('.'));
    if (!isSame || relation.tableCommand) return isSame === true;
    const isFree = renamed && relation.alias === undefined && now.alias === undefined;
    return isFree || calledIn(now) === calledIn(relation);
  });
}

const calledIn = ({ alias, name }: RelationRef): string | undefined => alias ?? name.at(-1);

const applyEdits = (text: string, edits: readonly Edit[]): string =>
  edits
    .toSorted((a, b) => b.start - a.start || b.end - a.end)
    .reduce((edited, { start, end, text: put }) => edited.slice(0, start) + put + edited.slice(end), text);
