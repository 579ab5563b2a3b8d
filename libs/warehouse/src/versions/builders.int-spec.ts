import { usePostgres, waitFor } from '@freshet/testing';
import type { ClientBase } from 'pg';
import { cancelledBy } from './cancel';
import type { Builders } from './builders';
import { projectId, useProject } from './project-under-test';

const postgres = usePostgres();
const { createBuilders } = useProject(postgres);

const opened: Builders[] = [];
const builders = (options = {}): Builders => {
  const made = createBuilders(options);
  opened.push(made);
  return made;
};
afterEach(() => Promise.all(opened.splice(0).map((each) => each.close())));

const pid = async (client: ClientBase): Promise<number> =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0;
const setting = async (client: ClientBase, name: string): Promise<string> =>
  (await client.query<{ value: string }>(`SELECT current_setting('${name}') AS value`)).rows[0]?.value ?? '';
const isOpen = async (backend: number): Promise<boolean> =>
  ((await postgres.pool.query('SELECT FROM pg_stat_activity WHERE pid = $1', [backend])).rowCount ?? 0) > 0;

describe("builders' connections", () => {
  it('are used again by the next build, as if just opened', async () => {
    const { connect } = builders();
    const first = await connect(projectId);
    const [backend, asOpened] = [await pid(first), await setting(first, 'statement_timeout')];
    await first.query(`SET statement_timeout = 123; SET search_path = 'p_7'; SET jit = on`);
    await first.release();
    const second = await connect(projectId);
    expect(await pid(second)).toBe(backend);
    expect(await setting(second, 'statement_timeout')).toBe(asOpened);
    expect(await setting(second, 'search_path')).toBe('pg_catalog');
    expect(await setting(second, 'jit')).toBe('off');
    expect(await setting(second, 'maintenance_work_mem')).toBe('256MB');
    await second.release();
  });

  it('are never lent to two builds at once, nor twice by a second release', async () => {
    const { connect } = builders();
    const first = await connect(projectId);
    await first.release();
    await first.release();
    const lent = await Promise.all([connect(projectId), connect(projectId)]);
    const backends = await Promise.all(lent.map(pid));
    expect(new Set(backends).size).toBe(2);
    await Promise.all(lent.map((each) => each.release()));
  });

  it.each<[string, (client: Awaited<ReturnType<Builders['connect']>>) => Promise<unknown>]>([
    ['a statement failed', (client) => client.query('SELECT 1 / 0').catch(() => undefined)],
    ['a transaction is open', (client) => client.query('BEGIN')],
    [
      'it was asked to cancel, even though nothing was hit',
      async (client) => {
        const abort = new AbortController();
        await cancelledBy(abort.signal, client, async () => abort.abort());
      },
    ],
  ])('are closed when %s', async (_, spoil) => {
    const { connect } = builders();
    const first = await connect(projectId);
    const backend = await pid(first);
    await spoil(first);
    await first.release();
    const second = await connect(projectId);
    expect(second).not.toBe(first);
    await second.release();
    await waitFor(async () => !(await isOpen(backend)), { what: 'the connection to be closed' });
  });

  it('are forgotten when the server ends them while they wait', async () => {
    const { connect } = builders();
    const first = await connect(projectId);
    const gone = new Promise((resolve) => first.once('end', resolve));
    const backend = await pid(first);
    await first.release();
    await postgres.pool.query('SELECT pg_terminate_backend($1)', [backend]);
    await gone;
    const second = await connect(projectId);
    expect(await pid(second)).not.toBe(backend);
    await second.release();
  });

  it.each([
    ['are too many', { keep: 1 }],
    ['wait too long', { keep: 2, idleMs: 1 }],
    ['are too old', { keep: 2, maxAgeMs: 0 }],
  ])('are closed when they %s', async (_, limits) => {
    const { connect } = builders(limits);
    const lent = await Promise.all([connect(projectId), connect(projectId)]);
    const [oldest = 0] = await Promise.all(lent.map(pid));
    for (const each of lent) await each.release();
    await waitFor(async () => !(await isOpen(oldest)), { what: 'the oldest to be closed' });
  });
});
