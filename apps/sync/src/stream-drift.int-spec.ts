import type { Connector } from '@freshet/connectors';
import { projectSchema, streamTable } from '@freshet/warehouse';
import { dayConnector } from './testing/day-connector';
import { useSync } from './testing/use-sync';

const sync = useSync();

const streamsOf = async (sourceId: string): Promise<unknown[]> =>
  (
    await sync.postgres.pool.query(
      'select name, enabled, noticed from app.stream where source_id = $1 order by priority, id',
      [sourceId],
    )
  ).rows;

const setStreams = (sourceId: string, streams: string[]) =>
  sync.row(
    `update app.data_source set config = config || jsonb_build_object('streams', $2::jsonb) where id = $1`,
    [sourceId, JSON.stringify(streams)],
  );

describe('a stream that the connector has and the source had not', () => {
  beforeEach(() => {
    sync.vendor.list = [{ name: 'a' }];
  });

  it('is added and read, where the source says so', async () => {
    const source = await sync.addSource(['sales']);
    await sync.sync(source);
    await setStreams(source, ['sales', 'list']);
    await sync.sync(source);
    expect(await streamsOf(source)).toEqual([
      { name: 'sales', enabled: true, noticed: false },
      { name: 'list', enabled: true, noticed: false },
    ]);
    expect(await sync.rows(source, 'list', 'name')).toEqual(['a']);
  });

  it('is noticed and waits for a person, or is left out', async () => {
    const asks = await sync.addSource(['list'], { newStreams: 'ask' });
    const ignores = await sync.addSource(['list'], { newStreams: 'ignore' });
    await Promise.all([sync.sync(asks), sync.sync(ignores)]);
    expect(await streamsOf(asks)).toEqual([{ name: 'list', enabled: false, noticed: true }]);
    expect(await streamsOf(ignores)).toEqual([]);
    const told = await sync.row(`select name from app.event where payload ->> 'id' = $1`, [asks]);
    expect(told).toEqual({ name: 'resource:changed' });
  });

  it('that vanished stays with its rows, and what a person has chosen stays too', async () => {
    const source = await sync.addSource(['sales', 'list']);
    await sync.sync(source);
    await sync.row('update app.stream set lookback_days = 9 where source_id = $1', [source]);
    await setStreams(source, ['sales']);
    expect(await sync.runRow(await sync.sync(source))).toMatchObject({ status: 'completed' });
    expect(await sync.rows(source, 'list', 'name')).toEqual(['a']);
    expect(await sync.stream(source, 'sales')).toMatchObject({ lookback_days: 9, provisional_days: 3 });
  });
});

describe('columns that change between and within syncs', () => {
  /** A connector whose first stream has these columns. */
  const withColumns = (read: Connector['read']): Connector => ({ ...dayConnector(), read });
  const batch = (columns: [string, string][], rows: unknown[][], more: object = {}) =>
    ({
      columns: columns.map(([name, type]) => ({ name, type })),
      rows,
      rejects: [],
      checkpoint: null,
      progress: null,
      notModified: false,
      ...more,
    }) as never;

  it('are added as new ones, and those that vanished stay and are null', async () => {
    const source = await sync.addSource(['list']);
    const once = (columns: [string, string][], row: unknown[]) =>
      sync.connectors.set('days', withColumns(async function* () { yield batch(columns, [row]); })); // prettier-ignore
    once([['name', 'text'], ['size', 'bigint']], ['a', 1]); // prettier-ignore
    await sync.sync(source);
    once([['name', 'text'], ['colour', 'text']], ['b', 'red']); // prettier-ignore
    await sync.sync(source);
    expect(
      (await sync.stream<{ columns: { name: string }[] }>(source, 'list')).columns.map(({ name }) => name),
    ).toEqual(['name', 'size', 'colour']);
    expect(await sync.rows(source, 'list', `name, coalesce(size::text, '-'), colour`)).toEqual(['b - red']);
    sync.connectors.set('days', dayConnector());
  });

  it('of a wider type are read again with it, wherever in the slice that shows', async () => {
    const source = await sync.addSource(['list']);
    const narrow: [string, string][] = [['name', 'text'], ['size', 'bigint']]; // prettier-ignore
    const wide: [string, string][] = [['name', 'text'], ['size', 'numeric']]; // prettier-ignore
    sync.connectors.set('days', withColumns(async function* ({ knownColumns }) {
      const known = knownColumns?.some(({ type }) => type === 'numeric') ? wide : narrow;
      yield batch(known, [['a', '1']]);
      yield batch(wide, [['b', '2.5']]);
    })); // prettier-ignore
    await sync.sync(source);
    expect(await sync.rows(source, 'list', 'name, size')).toEqual(['a 1', 'b 2.5']);
    sync.connectors.set('days', dayConnector());
  });

  it('never show a reader an empty or partial table, not even one whose snapshot is older or was exported', async () => {
    const source = await sync.addSource(['list']);
    const rows = Array.from({ length: 2_000 }, (_, at) => [`n${at}`, String(at)]);
    const send = (type: string, last: string) =>
      sync.connectors.set('days', withColumns(async function* () {
        yield batch([['name', 'text'], ['size', type]], [...rows, ['last', last]]);
      })); // prettier-ignore
    send('bigint', '1');
    await sync.sync(source);
    const { id, generation } = await sync.stream<{ id: string; generation: number }>(source, 'list');
    const table = `${projectSchema(sync.ids.projectId)}.${streamTable(id, generation)}`;

    const reader = await sync.postgres.pool.connect();
    await reader.query('begin isolation level repeatable read');
    const { rows: exported } = await reader.query('select pg_export_snapshot() as id');
    send('numeric', '2.5');
    const syncing = sync.sync(source);
    const seen = new Set<string>();
    let done = false;
    void syncing.finally(() => (done = true));
    while (!done)
      seen.add(
        (await reader.query(`select count(*), sum(size) from ${table}`)).rows
          .map((row) => JSON.stringify(row))
          .join(),
      );
    await syncing;
    const builder = await sync.postgres.pool.connect();
    await builder.query('begin isolation level repeatable read');
    await builder.query(`set transaction snapshot '${exported[0].id}'`);
    await builder.query(`create table built as select * from ${table}`);
    const { rows: built } = await builder.query('select count(*) as count, sum(size) as sum from built');
    await builder.query('rollback');
    await reader.query('commit');
    [reader, builder].forEach((client) => client.release());
    expect([...seen]).toEqual([JSON.stringify(built[0])]);
    expect(built[0].count).toBe('2001');
    const now = await sync.stream<{ generation: number; revision: string }>(source, 'list');
    expect(now).toMatchObject({ generation: generation + 1, revision: '2' });
    expect(await sync.rows(source, 'list', `name, size`)).toContain('last 2.5');
    sync.connectors.set('days', dayConnector());
  });
});
