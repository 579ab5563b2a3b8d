import { usePostgres } from '@freshet/testing';
import { createLog } from '@freshet/service-kit';
import type { ControlPlane } from '@freshet/persistence';
import { Client } from 'pg';
import { News, toldChannels } from './news';
import { RecentWork } from './recent-work';
import { Remembered } from './remembered';

const postgres = usePostgres();
const log = createLog('test', 'silent');
const connections: Client[] = [];
const recent = new RecentWork();
let news: News;

beforeAll(async () => {
  await postgres.pool.query('create table pointer (version int); insert into pointer values (1)');
  const systemConnection = async (): Promise<Client> => {
    const client = new Client({ connectionString: postgres.url });
    await client.connect();
    connections.push(client);
    return client;
  };
  news = new News({ systemConnection } as unknown as ControlPlane, recent, log);
  await news.onApplicationBootstrap();
});
afterAll(async () => {
  for (const { connection } of connections) connection.stream.destroy();
  await news.close();
});

/** A pointer that is remembered, and how often it was read. */
function remembering() {
  const remembered = new Remembered<number>(news, 10);
  news.on(toldChannels.pointers, (group) => remembered.forgetGroup(String(group)));
  const counted = { reads: 0 };
  const read = async () => {
    counted.reads++;
    const { rows } = await postgres.pool.query<{ version: number }>('select version from pointer');
    return { value: rows[0]?.version ?? 0, group: '7' };
  };
  const get = (strict = false) => remembered.get({ key: 'pointer', organizationId: '1', strict, read });
  return { get, counted, remembered };
}

const move = () =>
  postgres.pool.query(
    `with moved as (update pointer set version = version + 1 returning version)
     select version, pg_notify('${toldChannels.pointers}', '"7"') from moved`,
  );

describe('what is remembered', () => {
  it('is read once, however often it is asked for', async () => {
    const { get, counted } = remembering();
    const values = await Promise.all(Array.from({ length: 20 }, () => get()));
    for (let n = 0; n < 20; n++) values.push(await get());
    expect(new Set(values).size).toBe(1);
    // On a busy machine news may be late once, and it is read instead.
    expect(counted.reads).toBeLessThan(4);
  });

  it('shows every change that was committed before, to who asks strictly', async () => {
    const { get } = remembering();
    for (let n = 0; n < 30; n++) {
      const { rows } = await move();
      expect(await get(true)).toBe(rows[0].version);
    }
  });

  it('is never older than the work of this process for the organization', async () => {
    const { get } = remembering();
    for (let n = 0; n < 30; n++) {
      const { rows } = await move();
      recent.ended('1');
      expect(await get()).toBe(rows[0].version);
    }
  });

  it('is read anew when it changed while it was read', async () => {
    const { remembered } = remembering();
    const started = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = remembered.get({
      key: 'pointer',
      organizationId: '1',
      read: async () => {
        started.resolve();
        await goOn.promise;
        return { value: -1, group: '7' };
      },
    });
    await started.promise;
    remembered.forgetGroup('7');
    goOn.resolve();
    expect(await slow).toBe(-1);
    const read = async () => ({ value: 5, group: '7' });
    expect(await remembered.get({ key: 'pointer', organizationId: '1', read })).toBe(5);
  });

  it('is not used when the listening connection has fallen silent, of which nothing tells', async () => {
    const { get, counted } = remembering();
    await get(true);
    const before = counted.reads;
    const { stream } = connections.at(-1)!.connection;
    stream.pause();
    try {
      const { rows } = await move();
      expect(await get(true)).toBe(rows[0].version);
      expect(counted.reads).toBe(before + 1);
    } finally {
      stream.resume();
    }
  });
});
