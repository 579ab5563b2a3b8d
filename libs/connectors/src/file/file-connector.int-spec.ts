import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { startFileServer, type FileServer } from '@freshet/testing';
import type { Column } from '../kit/column';
import { fileConnector } from './file-connector';
import { specReader, type WholeRead } from './spec-reader';

const reader = specReader({
  openUpload: async (uploadId) => ({
    fileName: `${uploadId}.csv.gz`,
    body: Readable.from([gzipSync('id\n1\n')]),
  }),
});
let server: FileServer;

beforeAll(async () => {
  server = await startFileServer();
});
afterAll(() => Promise.all([server.close(), reader.close()]));

const again = (url: string, { checkpoint, columns }: WholeRead, changes: object = {}): Promise<WholeRead> =>
  reader.read({ url, ...changes }, { checkpoint, knownColumns: columns });
const requestsTo = (path: string): string[] =>
  server.requests
    .filter((request) => request.path === path)
    .map(({ method, status }) => `${method} ${status}`);

describe('a file read before', () => {
  it('is not sent again while its ETag is the same', async () => {
    const url = server.serve('/etag.csv', 'id\n1\n');
    const first = await reader.read({ url });
    expect(await again(url, first)).toEqual({ ...first, rows: [], notModified: true });
    expect(requestsTo('/etag.csv').at(-1)).toBe('GET 304');
  });

  it('is not sent again when it has not been modified since', async () => {
    const options = { etag: false, lastModified: new Date('2026-01-01T00:00:00Z') };
    const url = server.serve('/modified.csv', 'id\n1\n', options);
    const first = await reader.read({ url });
    expect((await again(url, first)).notModified).toBe(true);
    expect(requestsTo('/modified.csv').at(-1)).toBe('GET 304');
    server.serve('/modified.csv', 'id\n2\n', { ...options, lastModified: new Date('2026-01-02T00:00:00Z') });
    expect((await again(url, first)).rows).toEqual([['2']]);
  });

  it('is recognised by its content where the server tells nothing', async () => {
    const url = server.serve('/plain.csv', 'id\n1\n', { etag: false });
    const first = await reader.read({ url });
    expect(await again(url, first)).toEqual({ ...first, rows: [], notModified: true });
    server.serve('/plain.csv', 'id\n2\n', { etag: false });
    expect(await again(url, first)).toMatchObject({ rows: [['2']], notModified: false });
  });

  it('remembers the newer validators of the same content', async () => {
    const options = { etag: false, lastModified: new Date('2026-01-01T00:00:00Z') };
    const url = server.serve('/touched.csv', 'id\n1\n', options);
    const first = await reader.read({ url });
    server.serve('/touched.csv', 'id\n1\n', { ...options, lastModified: new Date('2026-01-02T00:00:00Z') });
    const second = await again(url, first);
    expect(second).toMatchObject({
      notModified: true,
      checkpoint: { lastModified: 'Fri, 02 Jan 2026 00:00:00 GMT' },
    });
    await again(url, second);
    expect(requestsTo('/touched.csv').at(-1)).toBe('GET 304');
  });

  it.each([
    ['its table is gone', (first: WholeRead) => ({ checkpoint: first.checkpoint, knownColumns: null }), {}],
    ['a full read is wanted', (first: WholeRead) => ({ checkpoint: null, knownColumns: first.columns }), {}],
    [
      'its settings changed',
      (first: WholeRead) => ({ checkpoint: first.checkpoint, knownColumns: first.columns }),
      { delimiter: ',' },
    ],
  ])('is read whole when %s', async (_what, request, changes) => {
    const url = server.serve('/whole.csv', 'id,x\n1,2\n');
    const first = await reader.read({ url });
    expect(await reader.read({ url, ...changes }, request(first))).toMatchObject({
      rows: [['1', '2']],
      notModified: false,
    });
  });

  it('is not read anew because of a setting of the charts', async () => {
    const url = server.serve('/charts.csv', 'id\n1\n');
    const first = await reader.read({ url });
    expect((await again(url, first, { provisionalDays: 5 })).notModified).toBe(true);
  });
});

describe('a file that changes', () => {
  it('while it is read is read again, and never comes as half of each', async () => {
    const url = server.serve('/moving.csv', 'id\n1\n');
    server.fail('/moving.csv', { kind: 'change-after', body: 'id\n2\n' });
    expect((await reader.read({ url })).rows).toEqual([['2']]);
    expect(requestsTo('/moving.csv')).toEqual(['GET 200', 'HEAD 200', 'GET 200', 'HEAD 200']);
  });

  it('can not be told from one that does not where the server refuses HEAD, and is taken as it came', async () => {
    const url = server.serve('/headless.csv', 'id\n1\n', { head: 405 });
    expect((await reader.read({ url })).rows).toEqual([['1']]);
    expect(requestsTo('/headless.csv')).toEqual(['GET 200', 'HEAD 405']);
  });

  it('in its validators alone is taken once it arrives twice alike', async () => {
    const url = server.serve('/dated.csv', 'id\n1\n', { etag: false, lastModified: 'now' });
    expect((await reader.read({ url })).rows).toEqual([['1']]);
    expect(requestsTo('/dated.csv')).toEqual(['GET 200', 'HEAD 200', 'GET 200']);
  });

  it('all the time is given up', async () => {
    const url = server.serve('/restless.csv', 'id\n0\n');
    server.fail(
      '/restless.csv',
      ...[1, 2, 3, 4].map((id) => ({ kind: 'change-after' as const, body: `id\n${id}\n` })),
    );
    await expect(reader.read({ url })).rejects.toMatchObject({ code: 'source_changed' });
  });

  it('keeps the types of its columns, widens those that no longer fit, and keeps vanished columns', async () => {
    const known: Column[] = [
      { name: 'id', type: 'bigint' },
      { name: 'gone', type: 'date' },
      { name: 'price', type: 'bigint' },
      { name: 'code', type: 'text' },
    ];
    const url = server.serve('/drift.csv', 'code,price,id,new\n1,5,1,true\n2,5.5,2,false\n');
    const { columns, rows } = await reader.read({ url }, { knownColumns: known });
    expect(columns).toEqual([
      { name: 'id', type: 'bigint' },
      { name: 'gone', type: 'date' },
      { name: 'price', type: 'numeric' },
      { name: 'code', type: 'text' },
      { name: 'new', type: 'boolean' },
    ]);
    expect(rows).toEqual([
      ['1', null, '5', '1', true],
      ['2', null, '5.5', '2', false],
    ]);
  });

  it('widens for a value in its last row before the first row is handed over', async () => {
    const numbers = Array.from({ length: 5_000 }, (_, index) => `${index},2026-01-01`);
    const url = server.serve('/late.csv', ['id,day', ...numbers, 'x,2026-01-01T10:00:00Z'].join('\n'));
    const { columns, rows } = await reader.read({ url });
    expect(columns.map(({ type }) => type)).toEqual(['text', 'timestamp']);
    expect(rows).toHaveLength(5_001);
    expect([rows[0], rows.at(-1)]).toEqual([
      ['0', '2026-01-01T00:00:00Z'],
      ['x', '2026-01-01T10:00:00Z'],
    ]);
  });

  it('knows columns that appear late in JSON', async () => {
    const objects = Array.from({ length: 5_000 }, (_, id) => ({ id }));
    const url = server.serve('/late.json', JSON.stringify([...objects, { late: 'x' }]));
    const { columns, rows } = await reader.read({ url });
    expect(columns.map(({ name }) => name)).toEqual(['id', 'late']);
    expect([rows[0], rows.at(-1)]).toEqual([
      ['0', null],
      [null, 'x'],
    ]);
  });

  it('rejects days that do not exist instead of turning the column into text', async () => {
    const url = server.serve('/days.csv', 'day\n2026-02-28\n2026-02-30\n');
    const { columns, rows, rejects } = await reader.read(
      { url },
      { knownColumns: [{ name: 'day', type: 'date' }] },
    );
    expect(columns).toEqual([{ name: 'day', type: 'date' }]);
    expect(rows).toEqual([['2026-02-28']]);
    expect(rejects).toEqual([
      { row: 3, reason: 'The value in day is not a day or time that exists.', raw: '["2026-02-30"]' },
    ]);
  });
});

describe('settings', () => {
  it.each([
    ['neither address nor upload', {}],
    ['both', { url: 'https://example.org/a.csv', uploadId: '1' }],
    ['another scheme', { url: 'ftp://example.org/a.csv' }],
    ['upsert without a key', { url: 'https://example.org/a.csv', mode: 'upsert' }],
    ['an unknown format', { url: 'https://example.org/a.csv', format: 'xml' }],
  ])('with %s are refused', (_what, config) => {
    expect(() => fileConnector.parseConfig(config)).toThrow('The config of the source is not valid.');
  });

  it.each([
    [{ url: 'https://example.org/exports/Daily%20Orders.csv.gz?v=2' }, 'daily_orders'],
    [{ url: 'https://example.org/' }, 'data'],
    [{ url: 'https://example.org/100%.csv' }, '_100'],
    [{ url: 'https://example.org/a.csv', stream: 'Orders' }, 'orders'],
    [{ uploadId: '1' }, 'data'],
  ])('%p name the stream %s', (config, name) => {
    expect(fileConnector.streams(config)).toEqual([
      { name, mode: 'replace-all', key: [], cursor: null, lookbackDays: 0, provisionalDays: 0 },
    ]);
  });

  it('name the key as the table will', async () => {
    const url = server.serve('/key.csv', 'Order ID,x\n1,2\n,3\n');
    const config = { url, key: ['Order ID'] };
    expect(fileConnector.streams(config)[0]?.key).toEqual(['order_id']);
    const { rows, rejects } = await reader.read(config);
    expect(rows).toEqual([['1', '2']]);
    expect(rejects).toEqual([{ row: 3, reason: 'The key column order_id is empty.', raw: '[null,"3"]' }]);
  });

  it('read an upload', async () => {
    expect((await reader.read({ uploadId: 'orders' })).rows).toEqual([['1']]);
  });
});

describe('discovery', () => {
  it('shows columns and the first rows', async () => {
    const url = server.serve('/orders.csv', 'id,paid,at\n1,true,2026-01-01T10:00:00+01:00\n2,,\n');
    expect(
      await fileConnector.discover({ url, key: ['id'], provisionalDays: 3 }, null, reader.context),
    ).toEqual([
      {
        name: 'orders',
        mode: 'replace-all',
        key: ['id'],
        cursor: null,
        lookbackDays: 0,
        provisionalDays: 3,
        columns: [
          { name: 'id', type: 'bigint' },
          { name: 'paid', type: 'boolean' },
          { name: 'at', type: 'timestamp' },
        ],
        sample: [
          ['1', true, '2026-01-01T09:00:00Z'],
          ['2', null, null],
        ],
      },
    ]);
  });
});

describe('the check', () => {
  const check = (config: unknown) => fileConnector.check(config, null, reader.context);

  it('shows what it found', async () => {
    const url = server.serve('/found.csv', 'id,day\n1,2026-01-01\n2,2026-01-02\n');
    expect(await check({ url, key: ['id'] })).toEqual({
      ok: true,
      checks: [
        { name: 'Open the file', ok: true, message: 'The file is there and may be read.' },
        {
          name: 'Read the data',
          ok: true,
          message: 'CSV with 2 columns and 2 rows: id (bigint), day (date).',
        },
        { name: 'Find the key', ok: true, message: 'Each sampled row has its own id.' },
      ],
    });
  });

  it('reads no more of a large file than it needs', async () => {
    const url = server.serve(
      '/large.csv',
      `id\n${Array.from({ length: 2_000_000 }, (_, id) => id).join('\n')}`,
    );
    const { checks } = await check({ url });
    expect(checks.at(-1)?.message).toBe('CSV with 1 columns and more than 1000 rows: id (bigint).');
  });

  it.each([
    [
      'a file that is not there',
      '/nowhere.csv',
      {},
      'Open the file',
      /has nothing at this address \(404\)\. Check the address/,
    ],
    ['a web page', '/page.html', {}, 'Read the data', /not to a data file\. Use the address of the file/],
    [
      'a missing key',
      '/found.csv',
      { key: ['Order'] },
      'Find the key',
      /no column order.*Choose among: id, day\./,
    ],
  ])('says what to do about %s', async (_what, path, config, step, message) => {
    server.serve('/page.html', '<html></html>', { contentType: 'text/html' });
    const { ok, checks } = await check({ url: server.url + path, ...config });
    expect(ok).toBe(false);
    expect(checks.at(-1)).toEqual({
      name: step,
      ok: false,
      message: expect.stringMatching(message) as string,
    });
  });

  it('warns of a key that repeats', async () => {
    const url = server.serve('/repeats.csv', 'id\n1\n1\n');
    const { ok, checks } = await check({ url, key: ['id'] });
    expect(ok).toBe(true);
    expect(checks.at(-1)?.message).toBe('id repeats (["1"]): only one of such rows is kept.');
  });

  it('tells a person who waits that the server does not answer', async () => {
    const url = server.serve('/slow.csv', 'id\n1\n');
    server.fail('/slow.csv', { kind: 'hang' });
    const { checks } = await fileConnector.check({ url }, null, reader.contextWith(AbortSignal.timeout(50)));
    expect(checks).toEqual([
      { name: 'Open the file', ok: false, message: expect.stringContaining('took too long') as string },
    ]);
  });

  it('refuses private addresses', async () => {
    const { checks } = await check({ url: 'http://169.254.169.254/latest/meta-data' });
    expect(checks).toEqual([
      {
        name: 'Open the file',
        ok: false,
        message: expect.stringContaining('not on the public internet') as string,
      },
    ]);
  });
});
