/** Which names mean what where: common table expressions and FROM items, by PostgreSQL's rules of scope. */

/** One name that a FROM clause brings in. */
export interface FromItem {
  exposedName: string;
  /** Set when it is a table or model without alias: its index among the query's relations, and its schema as written. */
  relation?: { index: number; schema?: string };
}

/** One query level: its FROM items and the level around it. */
export interface Level {
  items: readonly FromItem[];
  outer?: Level | undefined;
}

/** What a qualified column reference means. */
export interface Resolution {
  relation: number;
  /** Without its schema the name would mean a FROM item of a nearer level. */
  captured: boolean;
}

/** `schema.table.column`: the nearest table without alias of that name and schema. */
export const resolveWithSchema = (level: Level, schema: string, table: string): Resolution | undefined => {
  let captured = false;
  for (let at: Level | undefined = level; at; at = at.outer) {
    const named = at.items.filter((item) => item.exposedName === table);
    const found = named.find((item) => item.relation?.schema === schema)?.relation;
    if (found) return { relation: found.index, captured };
    captured ||= named.length > 0;
  }
  return undefined;
};

/** `table.column`: the nearest FROM item of that name, when it is a table or model without alias. Two of them: 'ambiguous'. */
export const resolveWithoutSchema = (level: Level, table: string): Resolution | 'ambiguous' | undefined => {
  for (let at: Level | undefined = level; at; at = at.outer) {
    const named = at.items.filter((item) => item.exposedName === table);
    if (named.length === 0) continue;
    const relations = named.flatMap((item) => (item.relation ? [item.relation] : []));
    if (new Set(relations.map((relation) => relation.schema)).size > 1) return 'ambiguous';
    return relations[0] && { relation: relations[0].index, captured: false };
  }
  return undefined;
};
