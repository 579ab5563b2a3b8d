/** A project whose sources a spec syncs and whose models it refreshes, step by step as the services do. */
import type { LoadMode } from '@freshet/contracts';
import { buildGraph, currentVector, planCascade } from '@freshet/domain';
import {
  announceSyncEnd,
  claimSyncRun,
  commitSlice,
  endSyncRun,
  loadCascadeState,
  loadCatalog,
  readStreamPointer,
  replaceModelInputs,
  requestSync,
  startRefresh,
  storeBuild,
  writeCascade,
  type ControlPlane,
} from '@freshet/persistence';
import {
  bindQuery,
  buildVersion,
  createStreamTable,
  dropTable,
  exportSnapshot,
  loadSlice,
  lockStreamTable,
  modelTable,
  parseQuery,
  projectSchema,
  resolveIn,
  type Builders,
  type Row,
  type StreamColumn,
} from '@freshet/warehouse';

const columns: StreamColumn[] = [
  { name: 'id', type: 'bigint' },
  { name: 'amount', type: 'double' },
];
const key = ['id'];
const mode: LoadMode = 'upsert';
const leaseSeconds = 60;

export class ProjectUnderTest {
  constructor(
    private readonly plane: ControlPlane,
    private readonly builders: Builders,
    readonly organizationId: string,
    readonly id: string,
  ) {}

  /** A source with one stream; nothing is loaded yet. @returns ids */
  async addStream(slug: string, name: string): Promise<{ sourceId: string; streamId: string }> {
    const [row] = await this.plane.system.rows<{ sourceId: string; streamId: string }>(
      `with d as (insert into app.data_source (organization_id, project_id, type, name, slug) values ($1, $2, 'file', $3, $3) returning id)
       insert into app.stream (organization_id, project_id, source_id, name, mode, key)
       select $1, $2, id, $4, $5, $6 from d returning source_id as "sourceId", id as "streamId"`,
      [this.organizationId, this.id, slug, name, mode, key],
    );
    return row ?? { sourceId: '', streamId: '' };
  }

  /** One run with one slice. @returns the run's id */
  async sync({ sourceId, streamId }: { sourceId: string; streamId: string }, rows: Row[]): Promise<string> {
    const { plane, id: projectId, organizationId } = this;
    const asked = await plane.systemTransaction((sql) =>
      requestSync(sql, { sourceId, trigger: 'user', principal: 'test', why: 'You asked.', request: {}, correlationId: 'test' }),
    ); // prettier-ignore
    const runId = asked?.runId ?? '';
    const run = await plane.systemTransaction((sql) =>
      claimSyncRun(sql, runId, { leaseSeconds, now: new Date() }),
    );
    const attempt = run?.attempt ?? 0;
    await plane.systemTransaction(async (sql, client) => {
      await lockStreamTable(client, streamId);
      const pointer = await readStreamPointer(sql, streamId);
      const table = { projectId, streamId, generation: 1 };
      if (!pointer?.generation) await createStreamTable(client, { ...table, columns, key });
      const result = await loadSlice(client, { table, columns, key, mode, rows: [rows] });
      await commitSlice(sql, {
        runId, attempt, streamId, shape: 1, changed: result.changed, generation: 1, columns, checkpoint: { at: runId }, bytes: 8_192,
        rowCount: (pointer?.rowCount ?? 0) + result.inserted - result.deleted, records: result, retiredTable: null,
        received: result.received, state: null, warnings: [],
      }); // prettier-ignore
    });
    await plane.systemTransaction(async (sql) => {
      const ended = await endSyncRun(sql, runId, attempt, { status: 'completed' });
      if (!ended) throw new Error('The run was lost.');
      const { models } = await loadCascadeState(sql, [projectId]);
      const planned = planCascade(buildGraph(models), ended.changedStreams);
      const why = 'It was synced.';
      if (planned.length) {
        await writeCascade(sql, {
          organizationId, projectId, sourceId, runId, why, models: planned.map(({ modelId }) => ({ id: modelId, why })),
        }); // prettier-ignore
      }
      await announceSyncEnd(sql, runId, ended, { status: 'completed' });
    });
    return runId;
  }

  /** @returns its id; it is not built yet */
  async addModel(name: string, query: string): Promise<string> {
    const { plane, organizationId, id: projectId } = this;
    const [row] = await plane.system.rows<{ id: string }>(
      `insert into app.data_model (organization_id, project_id, name, sql) values ($1, $2, $3, $4) returning id`,
      [organizationId, projectId, name, query],
    );
    const modelId = row?.id ?? '';
    const bound = bindQuery(
      await parseQuery(query),
      resolveIn(projectId, await loadCatalog(plane.system, projectId)),
    );
    const inputs = [
      ...bound.streams.map((id) => ({ kind: 't' as const, id })),
      ...bound.models.map((id) => ({ kind: 'm' as const, id })),
    ];
    await plane.systemTransaction((sql) => replaceModelInputs(sql, { modelId, organizationId, inputs }));
    return modelId;
  }

  /** Builds and publishes, or finds that the result is the published one. @returns the refresh's id */
  async refresh(modelId: string): Promise<string> {
    const { plane, organizationId, id: projectId } = this;
    const state = await loadCascadeState(plane.system, [projectId]);
    const model = state.models.find(({ id }) => id === modelId);
    if (!model) throw new Error(`There is no model ${modelId}.`);
    const vector = currentVector(model, state);
    const started = await plane.systemTransaction((sql) =>
      startRefresh(sql, { modelId, kind: 'live', leaseSeconds, why: 'Its inputs changed.', vector, lookedAt: state.lookedAt, correlationId: 'test' }),
    ); // prettier-ignore
    if (!started || started === 'late') throw new Error(`Model ${modelId} is being refreshed.`);
    const [row] = await plane.system.rows<{ sql: string; contentHash: string | null }>(
      `select m.sql, v.content_hash as "contentHash" from app.data_model m
       left join app.model_version v on v.model_id = m.id and v.version = m.published_version where m.id = $1`,
      [modelId],
    );
    const { attempt, refreshId } = started;
    const built = await this.build(modelId, attempt, row?.sql ?? '');
    const unchanged = built.contentHash === row?.contentHash;
    await plane.systemTransaction((sql) =>
      storeBuild(
        sql,
        {
          modelId, organizationId, projectId, refreshId, attempt, vector, ...built, indexes: [], sql: row?.sql ?? '',
          definitionRevision: model.definitionRevision, rowsBefore: null, rowsAdded: 0, rowsRemoved: 0, rowsChanged: 0, durationMs: 1,
          guards: [], comparison: null, outcome: unchanged ? 'unchanged' : 'publish', keeps: unchanged ? model.publishedVersion : null,
        },
        { candidateVersion: null },
      ),
    ); // prettier-ignore
    if (unchanged)
      await plane.systemTransaction((_, client) =>
        dropTable(client, projectSchema(projectId), modelTable(modelId, attempt)),
      );
    return refreshId;
  }

  private build(modelId: string, version: number, query: string): ReturnType<typeof buildVersion> {
    const { plane, builders, id: projectId } = this;
    return plane.systemSession(async (sql, session) => {
      const { snapshotId, value: text } = await exportSnapshot(session, async () => {
        const catalog = await loadCatalog(sql, projectId);
        return bindQuery(await parseQuery(query), resolveIn(projectId, catalog)).text;
      });
      const builder = await builders.connect(projectId);
      return buildVersion({
        builder, snapshotId, projectId, modelId, version, text, indexes: [], statementTimeoutMs: 10_000,
        onSnapshotTaken: async () => void (await session.query('commit')),
      }).finally(() => builder.release()); // prettier-ignore
    });
  }

  /** What the dispatcher notes down when nothing is owed any more: who had nothing to do, and which cascades are over. */
  async settle(): Promise<void> {
    await this.plane.system.rows(
      `update app.cascade_item i set state = 'skipped', why = 'Nothing it reads has changed since its last refresh.'
       from app.cascade c where c.id = i.cascade_id and c.project_id = $1 and i.state = 'waiting'`,
      [this.id],
    );
    await this.plane.system.rows(
      `update app.cascade set completed_at = clock_timestamp() where project_id = $1 and completed_at is null`,
      [this.id],
    );
  }
}
