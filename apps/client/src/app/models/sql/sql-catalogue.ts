/** What a project's SQL may read, by the names people write: `slug.stream` tables and models. */
import type { Column, Model, Source, SourceTable } from '@freshet/contracts';

export interface SqlRelation {
  kind: 'table' | 'model';
  id: string;
  /** A table's source slug; null for a model. */
  schema: string | null;
  name: string;
  columns: Column[];
  rowCount: number | null;
}

const plain = /^[a-z_][a-z0-9_]*$/;

/** An identifier as SQL wants it: quoted unless plain. */
export const quoteIdentifier = (name: string): string =>
  plain.test(name) ? name : `"${name.replaceAll('"', '""')}"`;

/** `ga_main.traffic`, `daily_sessions`. */
export const relationName = ({ schema, name }: Pick<SqlRelation, 'schema' | 'name'>): string =>
  schema === null ? quoteIdentifier(name) : `${quoteIdentifier(schema)}.${quoteIdentifier(name)}`;

export const tableRelations = (source: Pick<Source, 'slug'>, tables: readonly SourceTable[]): SqlRelation[] =>
  tables.map((table) => ({
    kind: 'table',
    id: table.table,
    schema: source.slug,
    name: table.stream,
    columns: table.columns,
    rowCount: table.rowCount,
  }));

export const modelRelation = (model: Pick<Model, 'id' | 'name' | 'columns' | 'rowCount'>): SqlRelation => ({
  kind: 'model',
  id: model.id,
  schema: null,
  name: model.name,
  columns: model.columns,
  rowCount: model.rowCount,
});
