/** Decides under which names a query finds its tables and models, so that no name of its own is touched. */
import type { ParsedQuery, RelationRef } from '../gate/parsed-query';

export interface ChosenNames {
  /** The common table expression that stands for a table or model, by its written name. */
  expressions: Map<string, string>;
  /** Indexes of the tables that their query calls by their qualified name, as one word, to tell them from namesakes. */
  calledInFull: Set<number>;
}

/** PostgreSQL cuts longer names off, so that two could become one. */
const maxNameBytes = 63;

/** The written name as one string; names with dots in them stay apart from qualified ones. */
export const relationKey = ({ name }: Pick<RelationRef, 'name'>): string => JSON.stringify(name);

/**
 * A model keeps its name unless the outermost WITH defines the same one; a table gets its qualified name as one word.
 * A table without alias is called by its own name, unless the query tells it from a namesake by its schema.
 */
export const chooseNames = (query: ParsedQuery): ChosenNames => {
  const taken = new Set(query.takenNames);
  const expressions = new Map<string, string>();
  for (const relation of query.relations) {
    const key = relationKey(relation);
    if (expressions.has(key)) continue;
    const keeps = relation.name.length === 1 && !query.outerWith?.names.includes(relation.name[0] ?? '');
    expressions.set(key, keeps ? (relation.name[0] ?? '') : freeName(relation.name.join('.'), taken));
  }
  const calledInFull = new Set<number>();
  for (const { relation, captured } of query.columns) if (captured) calledInFull.add(relation);
  query.relations.forEach(({ hasNamesake, name }, index) => {
    if (hasNamesake && name.length > 1) calledInFull.add(index);
  });
  return { expressions, calledInFull };
};

const freeName = (wanted: string, taken: Set<string>): string => {
  for (let attempt = 1; ; attempt++) {
    const short = Buffer.byteLength(wanted) > maxNameBytes - 8 ? 'table' : wanted;
    const name = attempt === 1 && short === wanted ? wanted : `${short} #${attempt}`;
    if (taken.has(name)) continue;
    taken.add(name);
    return name;
  }
};
