/** A project whose tables and models a spec changes, and what then becomes of them. */
import type { Column, Guard, ModelIndex, RefreshKind } from '@freshet/contracts';
import {
  cancelRefresh,
  loadCatalog,
  replaceModelInputs,
  requestRefresh,
  type ControlPlane,
} from '@freshet/persistence';
import { waitFor, type TestPostgres } from '@freshet/testing';
import { bindQuery, namesIn, parseQuery, projectSchema, resolveIn } from '@freshet/warehouse';
import { dispatch, StreamUnderTest } from './stream-under-test';

export interface NewModel {
  name: string;
  sql: string;
  guards?: Guard[];
  indexes?: ModelIndex[];
  schema_policy?: 'strict' | 'additive' | 'any';
  allow_empty?: boolean;
  auto_refresh?: boolean;
  mode?: 'live' | 'shadow';
  stable_view?: boolean;
}

/** A row of `app.refresh`; bigint columns are strings. */
export interface RefreshRow {
  id: string;
  kind: string;
  status: string;
  why: string;
  version: number | null;
  published: boolean;
  error: { code: string; message: string; action: string | null } | null;
  guards: { guard: string; ok: boolean; message: string; severity: string; rows?: unknown }[];
  plan: Record<string, unknown> | null;
  comparison: Record<string, unknown> | null;
  vector: Record<string, number> | null;
  [column: string]: unknown;
}

const ended = ['COMPLETED', 'FAILED', 'SKIPPED', 'CANCELLED'];

export class ProjectUnderTest {
  private readonly seen = new Map<string, string>();

  constructor(
    private readonly plane: ControlPlane,
    private readonly postgres: TestPostgres,
    readonly organizationId: string,
    readonly id: string,
  ) {}

  get schema(): string {
    return projectSchema(this.id);
  }

  async rows<T = Record<string, unknown>>(query: string, values: unknown[] = []): Promise<T[]> {
    return (await this.postgres.pool.query(query, values)).rows as T[];
  }

  /** A stream table of one integer key `id` and one numeric `amount`, with rows 1 … `count`. */
  async addTable(source: string, stream: string, count = 10): Promise<StreamUnderTest> {
    const columns: Column[] = [{ name: 'id', type: 'integer' }, { name: 'amount', type: 'numeric' }]; // prettier-ignore
    const [added] = await this.rows<{ id: string }>(
      `with s as (insert into app.data_source (organization_id, project_id, type, name, slug) values ($1, $2, 'file', $3, $3)
         on conflict (project_id, slug) where deleted_at is null do update set name = excluded.name returning id)
       insert into app.stream (organization_id, project_id, source_id, name, mode, key, columns, generation, revision)
       select $1, $2, id, $4, 'upsert', '{id}', $5, 1, 1 from s returning id`,
      [this.organizationId, this.id, source, stream, JSON.stringify(columns)],
    );
    const table = new StreamUnderTest(this.plane, this.id, added?.id ?? '');
    await this.plane.system.rows(`create table ${table.table} (id integer primary key, amount numeric)`);
    await table.change(`insert into $table select i, i * 1.5 from generate_series(1, ${count}) i`);
    return table;
  }

  /** Saves a model as the gateway does and has it dispatched; its first build begins by itself. */
  async addModel({ name, sql, ...settings }: NewModel): Promise<string> {
    const catalog = await loadCatalog(this.plane.system, this.id);
    const known = namesIn(catalog);
    const bound = bindQuery(await parseQuery(sql), resolveIn(this.id, catalog), { known });
    const columns = Object.keys(settings);
    const values = Object.values(settings).map((value) =>
      typeof value === 'object' ? JSON.stringify(value) : value,
    );
    return this.plane.systemTransaction(async (tx) => {
      const [model] = await tx.rows<{ id: string }>(
        `insert into app.data_model (${['organization_id', 'project_id', 'name', 'sql', ...columns].join(', ')})
         values (${[1, 2, 3, 4, ...columns.map((_, at) => at + 5)].map((at) => `$${at}`).join(', ')}) returning id`,
        [this.organizationId, this.id, name, sql, ...values],
      );
      const modelId = model?.id ?? '';
      await replaceModelInputs(tx, {
        modelId,
        organizationId: this.organizationId,
        inputs: [
          ...bound.streams.map((id) => ({ kind: 't' as const, id })),
          ...bound.models.map((id) => ({ kind: 'm' as const, id })),
        ],
      });
      await dispatch(tx, this.id);
      return modelId;
    });
  }

  /** Changes columns of a model's row, e.g. `sql`, as an edit of its definition. */
  async edit(modelId: string, changes: Record<string, unknown>): Promise<void> {
    const set = Object.keys(changes).map((column, at) => `${column} = $${at + 2}`);
    await this.plane.systemTransaction(async (tx) => {
      await tx.rows(
        `update app.data_model set ${[...set, 'definition_revision = definition_revision + 1'].join(', ')} where id = $1`,
        [modelId, ...Object.values(changes)],
      );
      await dispatch(tx, this.id);
    });
  }

  /** The model's next refresh to end that no call before has returned. Meanwhile dispatches, as the scheduler does. */
  async next(modelId: string): Promise<RefreshRow> {
    const row = await waitFor(
      async () => {
        await dispatch(this.plane.system, this.id);
        const [first] = await this.rows<RefreshRow>(
          `select * from app.refresh where model_id = $1 and id > $2 order by id limit 1`,
          [modelId, this.seen.get(modelId) ?? '0'],
        );
        return first !== undefined && ended.includes(first.status) && first;
      },
      { what: `the next refresh of model ${modelId} to end`, interval: 100 },
    );
    this.seen.set(modelId, row.id);
    return row;
  }

  /** Waits for something that a dispatch brings about. */
  async until(condition: () => Promise<boolean>): Promise<void> {
    await waitFor(
      async () => {
        await dispatch(this.plane.system, this.id);
        return condition();
      },
      { interval: 100 },
    );
  }

  async model(modelId: string): Promise<Record<string, unknown>> {
    const [row] = await this.rows(`select * from app.data_model where id = $1`, [modelId]);
    return row ?? {};
  }

  /** `version` → state of what is remembered. */
  async versions(modelId: string): Promise<Record<number, string>> {
    const rows = await this.rows<{ version: number; state: string }>(
      `select version, state from app.model_version where model_id = $1 order by version`,
      [modelId],
    );
    return Object.fromEntries(rows.map(({ version, state }) => [version, state]));
  }

  /** Version tables that lie in the schema, of one model or of all. */
  async tables(modelId?: string): Promise<string[]> {
    const rows = await this.rows<{ relname: string }>(
      `select relname from pg_class where relnamespace = $1::regnamespace and relkind = 'r' and relname like $2 order by 1`,
      [this.schema, `m\\_${modelId === undefined ? '%' : `${modelId}\\_%`}`],
    );
    return rows.map(({ relname }) => relname);
  }

  /** Asks for a refresh as a person; `live` when no kind is told. */
  async ask(modelId: string, kind: RefreshKind = 'live'): Promise<string> {
    const asked = await this.plane.systemTransaction((tx) =>
      requestRefresh(tx, {
        modelId,
        kind,
        trigger: 'user',
        principal: 'Anna',
        why: 'Anna asked for it.',
        correlationId: 'test',
      }),
    );
    return asked?.refreshId ?? '';
  }

  async cancel(refreshId: string): Promise<void> {
    await this.plane.systemTransaction((tx) => cancelRefresh(tx, refreshId, 'Anna'));
  }

  /** Waits until a builder waits for a lock that the spec holds. */
  async untilBlocked(): Promise<void> {
    await waitFor(
      async () =>
        (
          await this.rows(
            `select from pg_stat_activity where application_name = 'freshet build' and wait_event_type = 'Lock'`,
          )
        ).length > 0,
      { what: 'a build to wait for a lock' },
    );
  }

  /** Does something in a transaction that stays open while `meanwhile` runs. */
  async holding(statement: string, meanwhile: () => Promise<void>): Promise<void> {
    const client = await this.postgres.pool.connect();
    try {
      await client.query('begin');
      await client.query(statement);
      await meanwhile();
    } finally {
      await client.query('rollback');
      client.release();
    }
  }

  /** The refresh of a model that runs; waits for it. */
  running(modelId: string): Promise<RefreshRow> {
    return waitFor(
      async () =>
        (
          await this.rows<RefreshRow>(
            `select * from app.refresh where model_id = $1 and status = 'RUNNING'`,
            [modelId],
          )
        )[0],
      { what: `model ${modelId} to be refreshed` },
    );
  }
}
