import { usePostgres } from '@freshet/testing';
import { installationId, viewRole } from '../names';
import { dropTable } from './physical-tables';
import { modelId, projectId, useProject } from './project-under-test';
import { dropStableView, moveStableView, versionsInViews } from './stable-views';

const postgres = usePostgres();
const { build, asSystem } = useProject(postgres);

const move = (version: number, name = 'sales', more = {}): Promise<boolean> =>
  asSystem((client) => moveStableView(client, { projectId, modelId, version, name, ...more }));
const inViews = () => asSystem((client) => versionsInViews(client, projectId));
const read = async (view: string): Promise<unknown[]> =>
  (await postgres.pool.query(`SELECT * FROM pub_7.${view}`)).rows;
const anewFor = async (text: string): Promise<number> => (await build(text)).version;

afterEach(() => asSystem((client) => dropStableView(client, { projectId, modelId })));

describe('a stable view', () => {
  it('moves from version to version, whatever happens to the columns', async () => {
    for (const text of [
      'SELECT 1 AS a',
      'SELECT 2 AS a',
      'SELECT 3 AS a, 4 AS b',
      `SELECT 'x' AS b`,
      'SELECT 5 AS c, 6 AS b',
    ]) {
      expect(await move(await anewFor(text))).toBe(true);
      expect(await read('sales')).toEqual((await postgres.pool.query(text)).rows);
    }
    expect(await inViews()).toHaveLength(1);
  });

  it('may be read by members of the group, and what is behind it may not', async () => {
    const login = `${postgres.name}_bi`;
    const version = await anewFor('SELECT 1 AS a');
    await move(version);
    await move(await anewFor('SELECT 2 AS other'));
    await asSystem(async (client) => {
      await client.query(
        `CREATE ROLE ${login}; GRANT ${viewRole(installationId(postgres.name), projectId)} TO ${login}; SET ROLE ${login}`,
      );
      try {
        expect((await client.query('SELECT * FROM pub_7.sales')).rows).toEqual([{ other: 2 }]);
        await expect(client.query(`SELECT * FROM p_7.m_42_v${version}`)).rejects.toMatchObject({
          code: '42501',
        });
        await expect(client.query('CREATE VIEW pub_7.own AS SELECT 1')).rejects.toMatchObject({
          code: '42501',
        });
      } finally {
        await client.query(`RESET ROLE; DROP ROLE ${login}`);
      }
    });
  });

  it('takes the new name of a renamed model, and leaves none under the old', async () => {
    const version = await anewFor('SELECT 1 AS a');
    await move(version, 'sales');
    await move(version, 'revenue');
    expect(await inViews()).toEqual([{ modelId, version, schema: 'pub_7', view: 'revenue' }]);
  });

  it('keeps its version from being dropped, and lets the one before go', async () => {
    const [first, second] = [await anewFor('SELECT 1 AS a'), await anewFor('SELECT 2 AS a')];
    await move(first);
    expect(await asSystem((client) => dropTable(client, 'p_7', `m_42_v${first}`))).toBe(false);
    await move(second);
    expect(await asSystem((client) => dropTable(client, 'p_7', `m_42_v${first}`))).toBe(true);
  });

  it('shows what it showed while a reader holds it, and makes nobody wait long', async () => {
    const [first, second] = [await anewFor('SELECT 1 AS a'), await anewFor('SELECT 2 AS b')];
    await move(first);
    const reader = await postgres.pool.connect();
    await reader.query('BEGIN; SELECT * FROM pub_7.sales');
    expect(await move(second, 'sales', { attempts: 2 })).toBe(false);
    expect(await read('sales')).toEqual([{ a: 1 }]);
    await reader.query('COMMIT');
    reader.release();
    expect(await move(second)).toBe(true);
  });

  it('moves with the transaction it is moved in', async () => {
    const [first, second] = [await anewFor('SELECT 1 AS a'), await anewFor('SELECT 2 AS b')];
    await move(first);
    await asSystem(async (client) => {
      await client.query('BEGIN');
      await moveStableView(client, { projectId, modelId, version: second, name: 'sales' });
      await client.query('ROLLBACK');
    });
    expect(await read('sales')).toEqual([{ a: 1 }]);
  });

  it('is not made of a version that is gone, nor anew under the feet of others', async () => {
    await expect(move(999)).rejects.toMatchObject({ code: 'not_found' });
    await move(await anewFor('SELECT 1 AS a'));
    await postgres.pool.query('CREATE VIEW pub_7.on_top AS SELECT a FROM pub_7.sales');
    await expect(move(await anewFor('SELECT 2 AS b'))).rejects.toMatchObject({ code: 'has_dependents' });
    expect(await read('sales')).toEqual([{ a: 1 }]);
    await postgres.pool.query('DROP VIEW pub_7.on_top');
  });

  it('is named among all views that stand on a version', async () => {
    const version = await anewFor('SELECT 1 AS a');
    await postgres.pool.query(`CREATE VIEW public.own AS SELECT * FROM p_7.m_42_v${version}`);
    await move(version);
    expect((await inViews()).map(({ schema, view }) => `${schema}.${view}`)).toEqual([
      'pub_7.sales',
      'public.own',
    ]);
    await postgres.pool.query('DROP VIEW public.own');
  });
});
