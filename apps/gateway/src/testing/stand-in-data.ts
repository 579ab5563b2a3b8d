/** Data as the sync and refresh services would have left it, for tests that are about reading it. */
import { randomBytes } from 'node:crypto';
import { ControlPlane, emitEvents, type NewEvent } from '@freshet/persistence';
import { qualifiedVersion, projectSchema, streamTable } from '@freshet/warehouse';
import type { GatewayUnderTest, Tenant } from './gateway-under-test';

export interface StandInSource {
  sourceId: string;
  streamId: string;
}

const planeOf = (gateway: GatewayUnderTest): ControlPlane => gateway.app.get(ControlPlane);

/** A synced source with one stream `traffic (day date, visits bigint)`; in SQL: `<slug>.traffic`. */
export async function addSyncedSource(
  gateway: GatewayUnderTest,
  { organizationId, projectId }: Tenant,
  slug: string,
): Promise<StandInSource> {
  const { system } = planeOf(gateway);
  const [source] = await system.rows<{ id: string }>(
    `insert into app.data_source (organization_id, project_id, type, name, slug, last_sync_at)
     values ($1, $2, 'file', $3, $3, now()) returning id::text`,
    [organizationId, projectId, slug],
  );
  const sourceId = source?.id ?? '';
  const columns = JSON.stringify([{ name: 'day', type: 'date' }, { name: 'visits', type: 'bigint' }]); // prettier-ignore
  const [stream] = await system.rows<{ id: string }>(
    `insert into app.stream (organization_id, project_id, source_id, name, mode, generation, revision, columns)
     values ($1, $2, $3, 'traffic', 'replace-all', 1, 1, $4) returning id::text`,
    [organizationId, projectId, sourceId, columns],
  );
  const streamId = stream?.id ?? '';
  const table = tableOf(projectId, streamId);
  await system.rows(`create table ${table} (day date, visits bigint)`);
  await system.rows(`insert into ${table} values ('2026-01-01', 10), ('2026-01-02', 20)`);
  await recordRun(gateway, sourceId, streamId, 1);
  return { sourceId, streamId };
}

/** Rows arrive: one more, with the revision moved in the same transaction, and a completed run. */
export async function addRow(
  gateway: GatewayUnderTest,
  { projectId }: Tenant,
  { sourceId, streamId }: StandInSource,
): Promise<string> {
  const revision = await planeOf(gateway).systemTransaction(async (sql) => {
    await sql.rows(`insert into ${tableOf(projectId, streamId)} values ('2026-01-03', 30)`);
    const [row] = await sql.rows<{ revision: number }>(
      `update app.stream set revision = revision + 1 where id = $1 returning revision::float8 as revision`,
      [streamId],
    );
    return row?.revision ?? 0;
  });
  return recordRun(gateway, sourceId, streamId, revision);
}

/** Publishes a version of a model that holds what the query gives. */
export async function publishVersion(
  gateway: GatewayUnderTest,
  modelId: string,
  version: number,
  query: string,
  vector: Record<string, number>,
): Promise<void> {
  await planeOf(gateway).systemTransaction(async (sql) => {
    const [model] = await sql.rows<{ project_id: string; organization_id: string }>(
      `select project_id, organization_id from app.data_model where id = $1`,
      [modelId],
    );
    const projectId = model?.project_id ?? '';
    const table = qualifiedVersion({ projectId, modelId, version });
    await sql.rows(`create table ${table} as ${query}`);
    const columns = await sql.rows(
      `select attname as name, format_type(atttypid, atttypmod) as type from pg_attribute where attrelid = $1::regclass and attnum > 0 order by attnum`,
      [table],
    );
    await sql.rows(`update app.model_version set state = 'retired', retired_at = now() where model_id = $1`, [
      modelId,
    ]);
    await sql.rows(
      `insert into app.model_version (model_id, version, organization_id, project_id, state, columns, row_count, bytes, content_hash, vector, refresh_id)
       select $1, $2::int, $3, $4, 'live', $5, count(*), 8192, 'content of ' || $2::int, $6, 1 from ${table}`,
      [
        modelId,
        version,
        model?.organization_id,
        projectId,
        JSON.stringify(columns),
        JSON.stringify({ d: 1, f: 0, ...vector }),
      ],
    );
    await sql.rows(
      `update app.data_model set published_version = $2, built_vector = $3, last_refreshed_at = now(), last_duration_ms = 40 where id = $1`,
      [modelId, version, JSON.stringify({ d: 1, f: 0, ...vector })],
    );
  });
}

/** A model over the stream of which versions up to `latest` were published, each with its number in one row. */
export async function addPublishedModel(
  gateway: GatewayUnderTest,
  tenant: Tenant,
  { streamId, latest }: { streamId: string; latest: number },
): Promise<string> {
  const name = `m_${randomBytes(4).toString('hex')}`;
  const created = await gateway
    .as(tenant, 'createModel', tenant)
    .send({ name, sql: 'select visits as n from ga.traffic' });
  const { id } = created.body;
  for (let version = 1; version <= latest; version++) {
    const vector = { [`t:${streamId}`]: version === latest ? 1 : 0 };
    await publishVersion(gateway, id, version, `select ${version} as n`, vector);
  }
  return id;
}

/** A build that readers don't see: beside the published version of its model, and no newer one than this. */
export async function addShadow(
  gateway: GatewayUnderTest,
  modelId: string,
  version: number,
  query: string,
  vector: Record<string, number>,
  state: 'shadow' | 'candidate' = 'shadow',
): Promise<void> {
  await planeOf(gateway).systemTransaction(async (sql) => {
    const [model] = await sql.rows<{ project_id: string }>(
      `update app.data_model set built_vector = $2, last_started_attempt = $3::int, last_finished_attempt = $3::int,
         candidate_version = case when $4 = 'candidate' then $3::int end
       where id = $1 returning project_id`,
      [modelId, JSON.stringify({ d: 1, f: 0, ...vector }), version, state],
    );
    const table = qualifiedVersion({ projectId: model?.project_id ?? '', modelId, version });
    await sql.rows(`create table ${table} as ${query}`);
    await sql.rows(
      `insert into app.model_version (model_id, version, organization_id, project_id, state, columns, row_count, bytes, content_hash, vector, refresh_id)
       select id, $2::int, organization_id, project_id, $3, '[]', 1, 8192, 'content of ' || $2::int, $4, 1 from app.data_model where id = $1`,
      [modelId, version, state, JSON.stringify({ d: 1, f: 0, ...vector })],
    );
  });
}

/** Something happens in a project. */
export const happen = (gateway: GatewayUnderTest, projectId: string, events: NewEvent[]): Promise<void> =>
  planeOf(gateway).systemTransaction((sql) => emitEvents(sql, projectId, events));

const tableOf = (projectId: string, streamId: string): string =>
  `"${projectSchema(projectId)}"."${streamTable(streamId, 1)}"`;

async function recordRun(
  gateway: GatewayUnderTest,
  sourceId: string,
  streamId: string,
  revision: number,
): Promise<string> {
  const [run] = await planeOf(gateway).system.rows<{ id: string }>(
    `with run as (
       insert into app.sync_run (organization_id, project_id, source_id, status, trigger, why, started_at, completed_at, correlation_id)
       select organization_id, project_id, id, 'completed', 'user', 'test', now(), now(), 'test' from app.data_source where id = $1
       returning id, organization_id)
     insert into app.sync_run_stream (run_id, stream_id, organization_id, status, from_revision, to_revision, inserted)
     select id, $2, organization_id, 'completed', $3 - 1, $3, 2 from run returning run_id::text as id`,
    [sourceId, streamId, revision],
  );
  return run?.id ?? '';
}
