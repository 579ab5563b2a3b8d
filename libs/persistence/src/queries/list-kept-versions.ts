/** The versions of a model that can still be shown: known, and with a table, newest first. */
import type { Column, GuardReport, ModelIndex, VersionState } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import { iso, type Sql } from '../sql';

export interface KeptVersion {
  version: number;
  state: VersionState;
  columns: Column[];
  indexes: ModelIndex[];
  rowCount: number;
  bytes: number;
  contentHash: string;
  vector: InputVector;
  /** It was built from a model's version that readers don't see: one that waits for its set, or was rolled back. */
  readsUnpublished: boolean;
  guards: GuardReport[];
  refreshId: string;
  builtAt: string;
  publishedAt: string | null;
  retiredAt: string | null;
}

// The names of versions' tables are known to the warehouse; which there are is read from the catalogue, needing no rights on them.
const query = /* sql */ `
select v.version, v.state, v.columns, v.indexes, v.row_count::float8 as "rowCount", v.bytes::float8 as bytes,
  v.content_hash as "contentHash", v.vector, exists (
    select from jsonb_each_text(v.vector) e join app.data_model u on e.key = 'm:' || u.id
    where e.value::bigint > u.published_version) as "readsUnpublished",
  v.guards, v.refresh_id::text as "refreshId", ${iso('v.built_at')} as "builtAt",
  ${iso('v.published_at')} as "publishedAt", ${iso('v.retired_at')} as "retiredAt"
from app.model_version v
where v.model_id = $1 and exists (
  select from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = $2 and c.relname = $3 || v.version)
order by v.version desc`;

/** Where the warehouse keeps the versions: a schema, and what stands before the number in each table's name. */
export interface VersionTables {
  schema: string;
  prefix: string;
}

export const listKeptVersions = (sql: Sql, modelId: string, tables: VersionTables): Promise<KeptVersion[]> =>
  sql.rows<KeptVersion & Record<string, unknown>>(query, [modelId, tables.schema, tables.prefix]);
