/** Completion for SQL over a project: its tables, its models, and the columns of whatever the query already reads. */
import type {
  Completion,
  CompletionContext,
  CompletionResult,
  CompletionSource,
} from '@codemirror/autocomplete';
import {
  PostgreSQL,
  keywordCompletionSource,
  schemaCompletionSource,
  type SQLNamespace,
} from '@codemirror/lang-sql';
import { quoteIdentifier, relationName, type SqlRelation } from './sql-catalogue';

const columnsOf = (relation: SqlRelation): Completion[] =>
  relation.columns.map(({ name, type }) => ({
    label: name,
    apply: quoteIdentifier(name),
    type: 'property',
    detail: type,
  }));

const entry = (relation: SqlRelation): SQLNamespace => ({
  self: { label: relation.name, apply: quoteIdentifier(relation.name), type: 'type', detail: relation.kind },
  children: columnsOf(relation),
});

/** The catalogue as CodeMirror's nested namespace: sources at the top, with their tables below, beside the models. */
export const sqlNamespace = (relations: readonly SqlRelation[]): SQLNamespace => {
  const top: Record<string, SQLNamespace> = {};
  for (const schema of new Set(relations.flatMap((relation) => relation.schema ?? []))) {
    const tables = relations.filter((relation) => relation.schema === schema);
    top[schema] = {
      self: { label: schema, type: 'namespace', detail: 'source' },
      children: Object.fromEntries(tables.map((table) => [table.name, entry(table)])),
    };
  }
  for (const relation of relations) if (relation.schema === null) top[relation.name] = entry(relation);
  return top;
};

const read = /\b(?:from|join)\s+("(?:[^"]|"")+"|\w+)(?:\s*\.\s*("(?:[^"]|"")+"|\w+))?/gi;
const unquote = (name: string): string =>
  name.startsWith('"') ? name.slice(1, -1).replaceAll('""', '"') : name.toLowerCase();

/** The relations that a query names after FROM or JOIN, each once. */
export const relationsRead = (text: string, relations: readonly SqlRelation[]): SqlRelation[] => {
  const found = [...text.matchAll(read)].map(([, first = '', second]) =>
    relations.find((relation) =>
      second === undefined
        ? relation.schema === null && relation.name === unquote(first)
        : relation.schema === unquote(first) && relation.name === unquote(second),
    ),
  );
  return [...new Set(found.filter((relation) => relation !== undefined))];
};

/** Unqualified names: columns of what is read, and whole relation names (`ga_main.traffic`) wherever a name may stand. */
const unqualifiedSource =
  (relations: readonly SqlRelation[]): CompletionSource =>
  (context: CompletionContext): CompletionResult | null => {
    const word = context.matchBefore(/\w*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    if (context.state.sliceDoc(word.from - 1, word.from).match(/[."']/)) return null;
    const columns = relationsRead(context.state.doc.toString(), relations).flatMap((relation) =>
      columnsOf(relation).map((column) => ({
        ...column,
        detail: `${column.detail ?? ''} · ${relationName(relation)}`,
        boost: 60,
      })),
    );
    const names = relations
      .filter((relation) => relation.schema !== null)
      .map((relation): Completion => ({
        // Found by its own name too, without its source's.
        label: relation.name,
        displayLabel: relationName(relation),
        apply: relationName(relation),
        type: 'type',
        detail: relation.kind,
        boost: 40,
      }));
    return { from: word.from, options: [...columns, ...names], validFor: /^\w*$/ };
  };

/** All sources of completion for one catalogue. */
export const sqlCompletionSources = (relations: readonly SqlRelation[]): CompletionSource[] => [
  unqualifiedSource(relations),
  schemaCompletionSource({ dialect: PostgreSQL, schema: sqlNamespace(relations) }),
  // SQL has some 800 keywords: people look for their own names first.
  keywordCompletionSource(PostgreSQL, false, (label, type) => ({ label, type, boost: -60 })),
];
