/** What the names in people's SQL mean in a project at one moment: every table's and every model's pointer, in one read. */
import type { Column } from '@freshet/contracts';
import type { Sql } from '../sql';

export interface CatalogTable {
  streamId: string;
  sourceId: string;
  /** As written in SQL: source slug and stream. */
  slug: string;
  stream: string;
  /** 0: never loaded, there is no table yet. */
  generation: number;
  revision: number;
  columns: Column[];
}

export interface CatalogModel {
  modelId: string;
  name: string;
  /** 0: never built. */
  version: number;
  /** Built and waiting for the others of its set; builds read it, readers never do. Null: none. */
  candidate: number | null;
  columns: Column[];
}

export interface Catalog {
  tables: CatalogTable[];
  models: CatalogModel[];
}

const query = /* sql */ `
select
  (select coalesce(json_agg(json_build_object(
      'streamId', s.id::text, 'sourceId', d.id::text, 'slug', d.slug, 'stream', s.name, 'generation', s.generation,
      'revision', s.revision, 'columns', s.columns) order by d.slug, s.name), '[]')
    from app.stream s join app.data_source d on d.id = s.source_id
    where s.project_id = $1 and s.deleted_at is null and d.deleted_at is null) as tables,
  (select coalesce(json_agg(json_build_object(
      'modelId', m.id::text, 'name', m.name, 'version', m.published_version, 'candidate', m.candidate_version, 'columns', coalesce(v.columns, '[]'))
      order by m.name), '[]')
    from app.data_model m
    left join app.model_version v on v.model_id = m.id and v.version = m.published_version
    where m.project_id = $1 and m.deleted_at is null) as models`;

export const loadCatalog = async (sql: Sql, projectId: string): Promise<Catalog> => {
  const [row] = await sql.rows<{ tables: CatalogTable[]; models: CatalogModel[] }>(query, [projectId]);
  return row ?? { tables: [], models: [] };
};
