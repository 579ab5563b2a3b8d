import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { usePostgres } from '@freshet/testing';
import { postgresqlConnector } from './postgresql-connector';
import { SourceUnderTest } from './source-under-test';

const postgres = usePostgres();
const query = (sql: string) => postgres.pool.query(sql);

const refusalOf = async (
  stream: Record<string, unknown>,
  changes: Record<string, unknown> = {},
  context = SourceUnderTest.context(),
) => {
  const source = new SourceUnderTest(postgres.url, [{ name: 'it', ...stream }], changes);
  const { error } = await source.read('it', {}, context);
  return { code: error?.code, message: error?.message, action: error?.details.action };
};

beforeAll(() =>
  query('CREATE TABLE orders (id int PRIMARY KEY, note text); INSERT INTO orders VALUES (1, NULL)'),
);

describe('what a query may not', () => {
  it.each([
    ['a table that is not there', { table: 'nowhere.orders' }, 'source_not_found', 'no such table'],
    [
      'a column that is not there',
      { query: 'SELECT missing FROM orders' },
      'source_not_found',
      'no such column',
    ],
    ['SQL that is none', { query: 'SELEC 1' }, 'source_refused', 'syntax error'],
    [
      'a second statement',
      { query: 'SELECT 1) AS a; COMMIT; DROP TABLE orders; SELECT * FROM (SELECT 1' },
      'source_refused',
      'multiple commands',
    ],
    [
      'writing',
      { query: 'WITH d AS (DELETE FROM orders RETURNING *) SELECT * FROM d' },
      'source_refused',
      '',
    ],
    [
      'writing by a function',
      { query: `SELECT setval('s', 7)` },
      'source_refused',
      'would change the database',
    ],
    [
      'a value that fails',
      { query: 'SELECT 1 / (id - 1) AS x FROM orders' },
      'source_refused',
      'division by zero',
    ],
    [
      'two columns of one name',
      { query: 'SELECT 1 AS a, 2 AS a' },
      'source_refused',
      'two columns of one name',
    ],
    [
      'a key whose name is taken',
      { query: 'SELECT 1 AS id, 2 AS "Id"', key: ['Id'] },
      'source_refused',
      'also called id',
    ],
    ['a key that is no column', { table: 'orders', key: ['nr'] }, 'source_not_found', 'no column nr'],
    [
      'a cursor that does not grow',
      { table: 'orders', key: ['id'], cursor: 'note' },
      'source_refused',
      'read on by note',
    ],
  ])('is refused: %s', async (_what, stream, code, words) => {
    await query('CREATE SEQUENCE IF NOT EXISTS s');
    const refusal = await refusalOf(stream);
    expect(refusal).toMatchObject({ code, action: expect.stringMatching(/\.$/) as string });
    expect(refusal.message).toContain(words);
    expect((await query('SELECT FROM orders')).rowCount).toBe(1);
  });

  it('is stopped when it takes too long', async () => {
    const refusal = await refusalOf({ query: 'SELECT pg_sleep(30)::text AS x' }, { timeoutSeconds: 0.2 });
    expect(refusal).toMatchObject({
      code: 'source_refused',
      action: expect.stringContaining('index') as string,
    });
  });
});

describe('getting in', () => {
  const role = async (options: string): Promise<{ user: string; password: string }> => {
    const user = `${postgres.name}_guest`;
    await query(`CREATE ROLE ${user} PASSWORD 'sesame' ${options}`);
    return { user, password: 'sesame' };
  };
  afterEach(() => query(`DROP ROLE IF EXISTS ${postgres.name}_guest`));

  it('says that a password is wrong', async () => {
    const { user } = await role('LOGIN');
    expect(await refusalOf({ table: 'orders' }, { user, password: 'guess' })).toMatchObject({
      code: 'source_unauthorized',
      action: 'Correct the user or the password.',
    });
  });

  it('says which right is missing', async () => {
    expect(await refusalOf({ table: 'orders' }, await role('LOGIN'))).toMatchObject({
      code: 'source_refused',
      action: expect.stringContaining('GRANT SELECT') as string,
    });
  });

  it('says that a role may not sign in, and that a database is not there', async () => {
    expect(await refusalOf({ table: 'orders' }, await role('NOLOGIN'))).toMatchObject({
      code: 'source_unauthorized',
    });
    expect(await refusalOf({ table: 'orders' }, { database: 'nowhere' })).toMatchObject({
      code: 'source_not_found',
      message: expect.stringContaining('no such database') as string,
    });
  });

  it('tries again when the server has no connection left', async () => {
    const guest = await role('LOGIN CONNECTION LIMIT 0');
    expect(await refusalOf({ table: 'orders' }, guest)).toMatchObject({
      code: 'source_unreachable',
      action: expect.stringContaining('max_connections') as string,
    });
  });

  it('does not connect to private addresses unless they were opened', async () => {
    const context = SourceUnderTest.context(['localhost']);
    expect(await refusalOf({ table: 'orders' }, {}, context)).toMatchObject({ code: 'address_not_allowed' });
    const source = new SourceUnderTest(postgres.url, [], { host: 'localhost' });
    expect(await postgresqlConnector.check(source.config, source.credentials, context)).toMatchObject({
      ok: true,
    });
  });

  it('does not send a password to a server that does not encrypt when it is to', async () => {
    const heard: string[] = [];
    const plain = createServer((socket) => {
      socket.on('data', (bytes) => heard.push(bytes.toString('latin1')));
      socket.on('error', () => undefined);
      socket.write('N');
    });
    plain.listen(0, '127.0.0.1');
    await once(plain, 'listening');
    const { port } = plain.address() as AddressInfo;
    expect(await refusalOf({ table: 'orders' }, { port, tls: 'require', password: 'sesame' })).toMatchObject({
      code: 'source_refused',
      message: '127.0.0.1 does not encrypt connections.',
    });
    expect(heard.join('')).not.toContain('sesame');
    plain.close();
  });

  it('tells in its check how far it gets', async () => {
    const checksOf = async (changes: Record<string, unknown>, streams: Record<string, unknown>[] = []) => {
      const { config, credentials } = new SourceUnderTest(postgres.url, streams, changes);
      const { checks } = await postgresqlConnector.check(config, credentials, SourceUnderTest.context());
      return checks.map(({ name, ok }) => `${name}: ${ok}`);
    };
    expect(await checksOf({ port: 1 })).toEqual(['Reach the server: false']);
    expect(await checksOf({ user: 'nobody' })).toEqual(['Reach the server: true', 'Sign in: false']);
    expect(await checksOf({}, [{ table: 'orders' }, { table: 'lost' }])).toEqual([
      'Reach the server: true',
      'Sign in: true',
      'Read orders: true',
      'Read lost: false',
    ]);
  });
});

describe('what there is to choose', () => {
  it('is each table and view, with its key and a cursor that suggests itself', async () => {
    await query(`CREATE TABLE "Odd.Table" (a int, b int, last_modified timestamptz, PRIMARY KEY (b, a));
                 CREATE VIEW order_notes AS SELECT note FROM orders`);
    const { config, credentials } = new SourceUnderTest(postgres.url, []);
    const context = SourceUnderTest.context();
    const discovered = await postgresqlConnector.discover(config, credentials, context);
    expect(discovered.map(({ name, description, columns }) => [name, description, columns.length])).toEqual([
      ['odd_table', 'table · key b, a · read on by last_modified.', 3],
      ['order_notes', 'view · no key · read whole.', 1],
      ['orders', 'table · key id · read whole.', 2],
    ]);
    const chosen = { ...config, streams: discovered.map((stream) => stream.config) };
    expect(postgresqlConnector.streams(chosen)).toMatchObject([
      { name: 'odd_table', mode: 'upsert', key: ['b', 'a'], cursor: 'last_modified' },
      { name: 'order_notes', mode: 'replace-all', key: [] },
      { name: 'orders', mode: 'replace-all', key: ['id'] },
    ]);
    expect(await postgresqlConnector.check(chosen, credentials, context)).toMatchObject({ ok: true });
  });
});
