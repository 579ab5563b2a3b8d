import type { Guard } from '@freshet/contracts';
import { usePostgres, waitFor } from '@freshet/testing';
import type { PoolClient, QueryConfig } from 'pg';
import type { Builder } from './builders';
import { buildVersion } from './build-version';
import { runGuards } from './guards';
import { dropTable } from './physical-tables';
import { modelId, projectId, useProject } from './project-under-test';
import { exportSnapshot } from './snapshot';
import { qualifiedVersion } from './version';

const postgres = usePostgres();
const { createBuilders, build: buildBase } = useProject(postgres);

const version = 900;
const table = qualifiedVersion({ projectId, modelId, version });
const indexes = [{ columns: ['id'], unique: true }];
const guard: Guard = { kind: 'not_null', columns: ['id'], severity: 'block' };

interface Stage {
  statement: RegExp;
  /** What another session holds, so that the statement is met in its midst. */
  lock: string;
}
const stages: [string, Stage][] = [
  ['CREATE INDEX', { statement: /^CREATE UNIQUE INDEX/, lock: 'ROW EXCLUSIVE' }],
  ['VACUUM', { statement: /^VACUUM/, lock: 'SHARE UPDATE EXCLUSIVE' }],
  ['the comparison', { statement: /record_image_ne/, lock: 'ACCESS EXCLUSIVE' }],
  ['a guard', { statement: /found$/, lock: 'ACCESS EXCLUSIVE' }],
];

const active = async (): Promise<number> => {
  const { rows } = await postgres.pool.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity
     WHERE datname = current_database() AND usename LIKE '%\\_build' AND state = 'active'`,
  );
  return rows[0]?.n ?? 0;
};
const isThere = async (): Promise<boolean> =>
  (await postgres.pool.query<{ there: boolean }>('SELECT to_regclass($1) IS NOT NULL AS there', [table]))
    .rows[0]?.there ?? true;

/** Has another session hold the table while the stage's statement runs, and let go of it before anything is cleaned up. */
const holdAt = (builder: Builder, { statement, lock }: Stage, holder: PoolClient): Promise<void> =>
  new Promise((reached) => {
    const send = builder.query.bind(builder) as (config: unknown, values?: unknown[]) => Promise<unknown>;
    let isHeld = false;
    const query = async (config: string | QueryConfig, values?: unknown[]): Promise<unknown> => {
      const text = typeof config === 'string' ? config : config.text;
      if (isHeld) {
        isHeld = false;
        await holder.query('ROLLBACK');
      } else if (statement.test(text)) {
        isHeld = true;
        await holder.query(`BEGIN; LOCK TABLE ${table} IN ${lock} MODE`);
        reached();
      }
      return send(config, values);
    };
    Object.assign(builder, { query });
  });

describe('aborting a build', () => {
  it.each(stages)('cancels %s in the database within a second and leaves no table', async (_, stage) => {
    const base = await buildBase('SELECT id, amount FROM p_7.orders', { indexes });
    const builders = createBuilders();
    const builder = await builders.connect(projectId);
    const [control, holder] = [await postgres.pool.connect(), await postgres.pool.connect()];
    const abort = new AbortController();
    const reached = holdAt(builder, stage, holder);
    const { snapshotId } = await exportSnapshot(control, async () => undefined);
    const built = buildVersion({
      builder,
      snapshotId,
      projectId,
      modelId,
      version,
      text: 'SELECT id, amount + 1 AS amount FROM p_7.orders',
      indexes,
      base,
      statementTimeoutMs: 20_000,
      signal: abort.signal,
      onSnapshotTaken: async () => void (await control.query('COMMIT')),
    }).then(({ rowCount }) => {
      const subject = { table, rowCount, rowsBefore: null, allowEmpty: true };
      return runGuards(builder, subject, [guard], { signal: abort.signal });
    });
    const failure = expect(built).rejects.toMatchObject({ code: 'cancelled' });

    await reached;
    await waitFor(async () => (await active()) > 0, { what: 'the statement to run' });
    const aborted = performance.now();
    abort.abort();
    await failure;
    expect(performance.now() - aborted).toBeLessThan(1_000);
    expect(await active()).toBe(0);

    // After guards the build is the caller's, who drops it.
    await holder.query('ROLLBACK');
    if (stage.statement.test('found')) await dropTable(holder, 'p_7', `m_${modelId}_v${version}`);
    expect(await isThere()).toBe(false);
    for (const client of [control, holder]) client.release();
    await builder.release();
    await builders.close();
  });
});
