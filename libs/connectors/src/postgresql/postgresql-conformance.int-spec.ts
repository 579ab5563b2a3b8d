import { usePostgres } from '@freshet/testing';
import { describeConnector, type StandInFault, type SuiteClock } from '../kit/conformance';
import { postgresqlConnector } from './postgresql-connector';
import { startRelay, type RelayFault } from './relay';

const postgres = usePostgres();

/** Beyond what a JavaScript number can tell apart. */
const firstId = 9_007_199_254_740_993n;
const minute = 60_000;

interface Order {
  id: string;
  amount: string;
  tags: string[];
  updated_at: Date;
  channel?: string;
}

/** A shop's tables: orders that are read on by their time, of which many are equal, visits by number, products and sums whole. */
class Shop {
  orders: Order[];
  visits: { id: string; page: string }[];

  constructor(private readonly clock: SuiteClock) {
    const begin = clock.now().getTime() - 30 * 24 * 60 * minute;
    this.orders = Array.from({ length: 260 }, (_, place) => ({
      id: String(firstId + BigInt(place)),
      amount: `${place}.10`,
      tags: place % 3 === 0 ? ['gift', `no. ${place}`] : [],
      updated_at: new Date(begin + Math.floor(place / 60) * minute),
    }));
    this.visits = Array.from({ length: 130 }, (_, place) => ({
      id: String(firstId + BigInt(place)),
      page: `/${place}`,
    }));
  }

  /** The database becomes what is in memory. */
  async store(): Promise<void> {
    await postgres.pool.query('TRUNCATE shop.orders, shop.visits');
    const columns = this.orders[0]?.channel === undefined ? '' : ', channel text';
    const definition = `id bigint, amount numeric, tags text[], updated_at timestamptz${columns}`;
    await postgres.pool.query(
      `INSERT INTO shop.orders SELECT id, amount, tags, updated_at${columns ? ', channel' : ''}
       FROM json_to_recordset($1) AS o (${definition})`,
      [JSON.stringify(this.orders)],
    );
    await postgres.pool.query(
      'INSERT INTO shop.visits SELECT * FROM json_to_recordset($1) AS v (id bigint, page text)',
      [JSON.stringify(this.visits)],
    );
  }

  restate(): Promise<void> {
    const touch = (order: Order): Order => ({ ...order, amount: '0.3', updated_at: this.clock.now() });
    this.orders = this.orders.map((order, place) => (place % 9 === 0 ? touch(order) : order));
    this.visits.push({ id: String(firstId + BigInt(this.visits.length)), page: '/new' });
    return this.store();
  }

  addFuture(): Promise<void> {
    const updated_at = new Date(this.clock.now().getTime() + 400 * 24 * 60 * minute);
    this.orders.push({ id: '7', amount: '1', tags: [], updated_at });
    return this.store();
  }

  async addChannel(): Promise<void> {
    await postgres.pool.query('ALTER TABLE shop.orders ADD channel text');
    this.orders = this.orders.map((order) => ({ ...order, channel: 'web', updated_at: this.clock.now() }));
    await this.store();
  }

  empty(): Promise<void> {
    this.orders = [];
    this.visits = [];
    return this.store();
  }
}

const schema = `
  CREATE SCHEMA shop;
  CREATE TABLE shop.orders (id bigint PRIMARY KEY, amount numeric, tags text[], updated_at timestamptz NOT NULL);
  CREATE TABLE shop.visits (id bigint PRIMARY KEY, page text);`;

const startShop = async (clock: SuiteClock) => {
  const { hostname, port } = new URL(postgres.url);
  const relay = await startRelay({ host: hostname, port: Number(port) });
  const user = `${postgres.name}_reader`;
  const setPassword = async (password: string): Promise<void> => {
    await postgres.pool.query(`ALTER ROLE ${user} PASSWORD '${password}'`);
  };
  await postgres.pool.query(schema);
  await postgres.pool.query(`CREATE ROLE ${user} LOGIN`);
  await setPassword('sesame');
  await postgres.pool.query(
    `GRANT USAGE ON SCHEMA shop TO ${user}; GRANT SELECT ON ALL TABLES IN SCHEMA shop TO ${user}`,
  );
  const shop = new Shop(clock);
  await shop.store();
  const sums = () => {
    const largest = shop.orders.map(({ amount }) => Number(amount)).sort((a, b) => b - a)[0];
    return shop.orders.length === 0 ? [] : [{ orders: shop.orders.length, largest: String(largest) }];
  };
  return {
    config: {
      host: '127.0.0.1',
      port: relay.port,
      database: postgres.name,
      tls: 'disable',
      timeoutSeconds: 0.5,
      streams: [
        { table: 'shop.orders', key: ['id'], cursor: 'updated_at' },
        { table: 'shop.visits', key: ['id'], cursor: 'id', mode: 'append' },
        { name: 'all_orders', table: 'shop.orders', key: ['id'] },
        {
          name: 'sums',
          query:
            'SELECT count(*) AS orders, max(amount) AS largest FROM shop.orders HAVING count(*) > 0 -- all;',
        },
      ],
    },
    credentials: { user, password: 'sesame' },
    streams: [
      { name: 'orders', truth: () => shop.orders },
      { name: 'visits', truth: () => shop.visits },
      { name: 'all_orders', truth: () => shop.orders },
      { name: 'sums', truth: sums },
    ] as const,
    fail: (...faults: StandInFault[]) => relay.fail(...faults.map(({ kind }) => kind as RelayFault)),
    recover: () => relay.recover(),
    close: async () => {
      await relay.close();
      await postgres.pool.query(`DROP SCHEMA shop CASCADE; DROP OWNED BY ${user}; DROP ROLE ${user}`);
    },
    shop,
    setPassword,
  };
};

describeConnector('postgresql', {
  connector: postgresqlConnector,
  start: startShop,
  faults: ['hang', 'truncate', 'lose-answer'],
  abilities: {
    empty: ({ shop }) => shop.empty(),
    revoke: ({ setPassword }) => setPassword('changed'),
    restore: ({ setPassword }) => setPassword('sesame'),
    restate: ({ shop }) => shop.restate(),
    addFutureRows: ({ shop }) => shop.addFuture(),
    addColumn: { column: 'channel', add: ({ shop }) => shop.addChannel() },
  },
});
