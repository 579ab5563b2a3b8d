import { gzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { startFileServer, type FileServer } from '@freshet/testing';
import { fileConnector } from './file-connector';
import { specReader } from './spec-reader';

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
      {
        name,
        description: 'The rows of the file.',
        mode: 'replace-all',
        key: [],
        cursor: null,
        lookbackDays: 0,
        provisionalDays: 0,
        slicing: null,
      },
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
        description: 'The rows of the file.',
        slicing: null,
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
