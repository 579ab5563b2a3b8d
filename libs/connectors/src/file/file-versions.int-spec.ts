import { startFileServer, type FileServer } from '@freshet/testing';
import type { Column } from '../kit/column';
import { specReader, type WholeRead } from './spec-reader';

const reader = specReader();
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
