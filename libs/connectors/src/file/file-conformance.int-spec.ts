import { startFileServer, type FileFault } from '@freshet/testing';
import { describeConnector, type StandInFault } from '../kit/conformance';
import { fileConnector } from './file-connector';

const faultOf = (fault: StandInFault): FileFault => {
  switch (fault.kind) {
    case 'truncate':
      return { kind: 'truncate', afterBytes: 20 };
    case 'status':
    case 'hang':
    case 'bad-gzip':
      return fault;
    default:
      throw new Error(`The file server has no fault ${fault.kind}.`);
  }
};

const path = '/orders.csv';
const orders = [
  { id: '1', day: '2026-01-01', amount: '19.90', note: 'first' },
  { id: '2', day: '2026-01-02', amount: '5', note: 'second' },
  { id: '9007199254740993', day: '2026-01-03', amount: '0.10', note: null },
];

const startOrders = async () => {
  const server = await startFileServer();
  let rows: Record<string, string | null>[] = orders;
  const serve = (): string => {
    const names = Object.keys(rows[0] ?? {});
    return server.serve(path, [names, ...rows.map((row) => names.map((name) => row[name]))].join('\n'));
  };
  const change = (next: typeof rows): void => {
    rows = next;
    serve();
  };
  return {
    config: { url: serve(), key: ['id'] },
    credentials: null,
    streams: [{ name: 'orders', truth: () => rows }] as const,
    fail: (...faults: StandInFault[]) => server.fail(path, ...faults.map(faultOf)),
    recover: () => {
      server.remove(path);
      serve();
    },
    close: () => server.close(),
    rows: () => rows,
    change,
  };
};

describeConnector('file', {
  connector: fileConnector,
  start: startOrders,
  faults: ['status', 'hang', 'truncate', 'bad-gzip'],
  abilities: {
    restate: ({ change, rows }) => change([...rows().slice(1), { ...orders[0], amount: '21.05' }]),
    addColumn: {
      column: 'channel',
      add: ({ change, rows }) => change(rows().map((row) => ({ ...row, channel: 'shop' }))),
    },
    revoke: ({ fail }) => fail({ kind: 'status', status: 401 }, { kind: 'status', status: 401 }),
    restore: ({ recover }) => recover(),
  },
});
