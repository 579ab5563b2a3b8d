import { Client } from 'pg';
import { usePostgres } from '../postgres/use-postgres';
import { waitFor } from '../timing/wait-for';
import { startFaultProxy, type FaultProxy } from './fault-proxy';

describe('a fault proxy before PostgreSQL', () => {
  const postgres = usePostgres();
  let proxy: FaultProxy;
  const clients: Client[] = [];

  const connect = async (): Promise<Client> => {
    const client = new Client({ connectionString: proxy.url });
    client.on('error', () => undefined);
    clients.push(client);
    await client.connect();
    return client;
  };
  const notes = async (): Promise<number[]> =>
    (await postgres.pool.query<{ n: number }>('select n from note order by n')).rows.map(({ n }) => n);

  beforeAll(async () => {
    proxy = await startFaultProxy({ target: postgres.url, protocol: 'postgresql' });
    await postgres.pool.query('create table note (n int)');
  });
  afterEach(async () => {
    await proxy.setMode({ kind: 'pass' });
    await Promise.all(clients.splice(0).map((client) => client.end()));
    await postgres.pool.query('truncate note');
  });
  afterAll(() => proxy.close());

  it('passes everything, also more than fits into one piece', async () => {
    const client = await connect();
    const { rows } = await client.query(`select repeat('x', 3000000) as text, $1 as echo`, ['y'.repeat(2e6)]);
    expect([rows[0].text.length, rows[0].echo.length]).toEqual([3e6, 2e6]);
  });

  it.each([
    ['a simple query', (client: Client) => client.query('COMMIT')],
    [
      'the extended protocol',
      (client: Client) => client.query(Object.assign({ text: 'commit' }, { queryMode: 'extended' })),
    ],
    ['a prepared statement', (client: Client) => client.query({ name: 'c', text: 'commit work;' })],
  ])('loses the reply of a commit by %s, which the server has carried out', async (_, commit) => {
    const client = await connect();
    const dropped = proxy.dropReply();
    await client.query('begin');
    await client.query('insert into note values (1)');
    await expect(commit(client)).rejects.toThrow();
    await expect(dropped).resolves.toBe(true);
    expect(await notes()).toEqual([1]);
    const next = await connect();
    await next.query('begin; insert into note values (2)');
    await next.query('commit');
    expect(await notes()).toEqual([1, 2]);
  });

  it('tells the client of a commit that failed, and waits for the next', async () => {
    const client = await connect();
    await client.query('create temp table unique_later (n int unique deferrable initially deferred)');
    const stop = new AbortController();
    const dropped = proxy.dropReply(stop.signal);
    await client.query('begin; insert into unique_later values (1), (1)');
    await expect(client.query('commit')).rejects.toThrow(/duplicate key/);
    await expect(client.query('select 1 as alive')).resolves.toMatchObject({ rows: [{ alive: 1 }] });
    stop.abort();
    await expect(dropped).resolves.toBe(false);
  });

  it('gives a drop on to another connection when the one it waited on ends', async () => {
    const dropped = proxy.dropReply();
    const failing = await connect();
    await failing.query('begin');
    await proxy.setMode({ kind: 'blackhole' });
    const lost = failing.query('commit').catch((error: Error) => error.message);
    proxy.resetAll();
    await expect(lost).resolves.toMatch(/ECONNRESET|terminated/);
    await proxy.setMode({ kind: 'pass' });
    const next = await connect();
    await next.query('begin');
    await expect(next.query('commit')).rejects.toThrow();
    await expect(dropped).resolves.toBe(true);
  });

  it('forwards nothing while it is a black hole, and everything afterwards', async () => {
    const client = await connect();
    await proxy.setMode({ kind: 'blackhole' });
    const answer = client.query('insert into note values (3) returning n');
    const other = new Client({ connectionString: proxy.url, connectionTimeoutMillis: 100 });
    await expect(other.connect()).rejects.toThrow(/timeout/);
    expect(await notes()).toEqual([]);
    await proxy.setMode({ kind: 'pass' });
    await expect(answer).resolves.toMatchObject({ rows: [{ n: 3 }] });
  });

  it('resets what is connected, and what connects while it is in that mode', async () => {
    const client = await connect();
    const broken = client.query('select pg_sleep(60)').catch((error: Error) => error.message);
    await proxy.setMode({ kind: 'reset' });
    await expect(broken).resolves.toMatch(/ECONNRESET|terminated/);
    await expect(connect()).rejects.toThrow(/ECONNRESET|terminated/);
  });

  it('refuses connections and keeps those there are', async () => {
    const client = await connect();
    await proxy.setMode({ kind: 'refuse' });
    await expect(connect()).rejects.toThrow(/ECONNREFUSED/);
    await expect(client.query('select 1 as alive')).resolves.toMatchObject({ rows: [{ alive: 1 }] });
    await proxy.setMode({ kind: 'pass' });
    await expect(connect()).resolves.toBeInstanceOf(Client);
  });

  it('delays and throttles', async () => {
    const client = await connect();
    const took = async (work: () => Promise<unknown>): Promise<number> => {
      const startedAt = performance.now();
      await work();
      return performance.now() - startedAt;
    };
    await proxy.setMode({ kind: 'delay', milliseconds: 40 });
    expect(await took(() => client.query('select 1'))).toBeGreaterThanOrEqual(78);
    await proxy.setMode({ kind: 'throttle', bytesPerSecond: 100_000 });
    expect(await took(() => client.query(`select repeat('x', 20000)`))).toBeGreaterThanOrEqual(150);
  });

  it('cuts one connection after so many bytes, and leaves the others alone', async () => {
    const [cut, spared] = [await connect(), await connect()];
    proxy.connections[0]?.setMode({ kind: 'cut', afterBytes: 5_000, direction: 'down' });
    await expect(cut.query('select 1 as little')).resolves.toMatchObject({ rowCount: 1 });
    await expect(cut.query(`select repeat('x', 20000)`)).rejects.toThrow(/ECONNRESET|terminated/);
    await expect(spared.query(`select repeat('x', 20000)`)).resolves.toMatchObject({ rowCount: 1 });
    await waitFor(() => proxy.connections.length === 1);
  });
});
