import { gzipSync } from 'node:zlib';
import { startFileServer, type FileServer } from '@freshet/testing';
import type { Batch, Cell, Column, ReadRequest } from '../index';
import { createContext, createHttpClient, findConnector } from '../index';

const http = createHttpClient({ allowHosts: ['127.0.0.1'], timeouts: { idle: 300, headers: 300 } });
const connector = findConnector('file');
let server: FileServer;

beforeAll(async () => {
  server = await startFileServer();
});
afterAll(async () => {
  await Promise.all([server.close(), http.close()]);
});

const context = () =>
  createContext({
    http,
    signal: new AbortController().signal,
    retry: { wait: () => Promise.resolve() },
    openUpload: () => Promise.reject(new Error('no uploads')),
  });

interface Read {
  columns: readonly Column[];
  rows: Cell[][];
  batches: Batch[];
}

const read = async (config: unknown, request: Partial<ReadRequest> = {}): Promise<Read> => {
  const batches: Batch[] = [];
  const whole = {
    credentials: null,
    stream: 'data',
    slice: {},
    checkpoint: null,
    knownColumns: null,
    ...request,
    config,
  };
  for await (const batch of connector.read(whole, context())) batches.push(batch);
  return { columns: batches[0]?.columns ?? [], rows: batches.flatMap(({ rows }) => rows), batches };
};

describe('formats', () => {
  it('reads CSV', async () => {
    const url = server.serve('/a.csv', 'id,name\r\n1,"a, b"\r\n2,"c\nd"\r\n');
    const { columns, rows } = await read({ url });
    expect(columns).toEqual([
      { name: 'id', type: 'bigint' },
      { name: 'name', type: 'text' },
    ]);
    expect(rows).toEqual([
      ['1', 'a, b'],
      ['2', 'c\nd'],
    ]);
  });
  it('reads JSON', async () => {
    const url = server.serve(
      '/a.json',
      '[{"id":12345678901234567890,"x":{"a":1.10}},{"id":1,"x":[1],"n":"a"}]',
    );
    const { columns, rows } = await read({ url });
    expect(columns).toEqual([
      { name: 'id', type: 'numeric' },
      { name: 'x', type: 'json' },
      { name: 'n', type: 'text' },
    ]);
    expect(rows).toEqual([
      ['12345678901234567890', '{"a":1.1}', null],
      ['1', '[1]', 'a'],
    ]);
  });
  it('reads gz ndjson', async () => {
    const url = server.serve('/a.ndjson.gz', gzipSync('{"id":1}\nnope\n{"id":2}'));
    const { rows, batches } = await read({ url });
    expect(rows).toEqual([['1'], ['2']]);
    expect(batches[0]?.rejects).toEqual([{ row: 2, reason: 'This line is not valid JSON.', raw: 'nope' }]);
  });
  it.each(['csv', 'json', 'ndjson'])('speed %s', async (kind) => {
    const records = Array.from({ length: 100_000 }, (_, i) => ({
      id: i,
      name: `customer ${i % 977}`,
      price: ((i * 7) % 10000) / 100,
      qty: i % 50,
      active: i % 2 === 0,
      day: `2024-0${(i % 9) + 1}-1${i % 9}`,
      at: `2024-01-01T00:00:0${i % 9}Z`,
      note: `some, note ${i}`,
    }));
    const quoted = (r: Record<string, unknown>) =>
      Object.values(r)
        .map((v) => (typeof v === 'string' && v.includes(',') ? `"${v}"` : String(v)))
        .join(',');
    const body =
      kind === 'csv'
        ? [Object.keys(records[0] ?? {}).join(','), ...records.map(quoted)].join('\n')
        : kind === 'json'
          ? JSON.stringify(records)
          : records.map((r) => JSON.stringify(r)).join('\n');
    const url = server.serve(`/big.${kind}`, body);
    const start = performance.now();
    let n = 0;
    for await (const batch of connector.read(
      { config: { url }, credentials: null, stream: 'x', slice: {}, checkpoint: null, knownColumns: null },
      context(),
    ))
      n += batch.rows.length;
    console.log(kind, n, Math.round(performance.now() - start), 'ms');
    expect(n).toBe(100_000);
  });
});
