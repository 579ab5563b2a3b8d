/** Tables nobody may read any more: versions beyond what is kept, and earlier generations of stream tables. */
import type { Sql } from '../sql';

export interface SweepableVersion {
  modelId: string;
  projectId: string;
  version: number;
}

// Shadow builds and published versions each have their own places, so that one does not push out the other. What was built for
// a set and replaced there was never shown: it has no place. The published version comes first, also after a rollback.
const versions = /* sql */ `
select v.model_id as "modelId", v.project_id as "projectId", v.version
from (
  select x.*, case when x.state = 'shadow' or x.published_at is not null then
      row_number() over (partition by x.model_id, x.state = 'shadow', x.published_at is null order by (x.state = 'live') desc, x.version desc)
    end as place
  from app.model_version x) v
join app.data_model m on m.id = v.model_id
where v.state <> 'live' and v.version is distinct from m.pinned_version
  and (v.version is distinct from m.candidate_version or m.deleted_at is not null)
  and (m.deleted_at is not null or v.place is null or v.place > m.keep_versions)
  and coalesce(v.retired_at, v.built_at) < clock_timestamp() - make_interval(secs => $1)
  and coalesce(m.deleted_at, '-infinity') < clock_timestamp() - make_interval(secs => $1)
order by v.model_id, v.version limit 200`;

/** @param keepSeconds how long a version stays readable after it was retired, however many there are */
export const findSweepableVersions = (sql: Sql, keepSeconds: number): Promise<SweepableVersion[]> =>
  sql.rows<SweepableVersion & Record<string, unknown>>(versions, [keepSeconds]);

const isSweepable = /* sql */ `
select from app.model_version v join app.data_model m on m.id = v.model_id
where v.model_id = $1 and v.version = $2 and v.state <> 'live' and v.version is distinct from m.pinned_version
  and v.version is distinct from m.published_version
for update of m`;

/** In the transaction that drops the table: false when somebody has come to show the version, as by a rollback. */
export const lockSweepableVersion = async (sql: Sql, modelId: string, version: number): Promise<boolean> =>
  (await sql.rows(isSweepable, [modelId, version])).length > 0;

export const forgetVersion = async (sql: Sql, modelId: string, version: number): Promise<void> => {
  await sql.rows(`delete from app.model_version where model_id = $1 and version = $2 and state <> 'live'`, [
    modelId,
    version,
  ]);
};

export interface RetiredTable {
  id: string;
  projectId: string;
  table: string;
}

export const findRetiredTables = (sql: Sql, keepSeconds: number): Promise<RetiredTable[]> =>
  sql.rows<RetiredTable & Record<string, unknown>>(
    `select id, project_id as "projectId", table_name as table from app.retired_table
     where retired_at < clock_timestamp() - make_interval(secs => $1) order by id limit 200`,
    [keepSeconds],
  );

export const forgetRetiredTable = async (sql: Sql, id: string): Promise<void> => {
  await sql.rows(`delete from app.retired_table where id = $1`, [id]);
};

/** Versions that exist or are being built, as `model → version`; every other version table is a killed build's leftover. */
export const listKnownVersions = (
  sql: Sql,
  projectId: string,
): Promise<{ modelId: string; version: number }[]> =>
  sql.rows<{ modelId: string; version: number } & Record<string, unknown>>(
    `select model_id as "modelId", version from app.model_version where project_id = $1
     union
     select id, unnest(array[published_version, candidate_version]) from app.data_model where project_id = $1
     union
     select model_id, version from app.refresh where project_id = $1 and status = 'RUNNING' and version is not null`,
    [projectId],
  );

export const listProjects = async (sql: Sql): Promise<string[]> =>
  (await sql.rows<{ id: string }>(`select id from app.project order by id`)).map(({ id }) => id);
