import { startFileServer, type FileFault } from '@freshet/testing';
import { describeConnector, type StandInFault } from '../kit/conformance';
import { fileConnector } from './file-connector';

const faultOf = (fault: StandInFault): FileFault =>
  fault.kind === 'truncate' ? { kind: 'truncate', afterBytes: 20 } : fault;

const lines = [
  'id,day,amount,note',
  '1,2026-01-01,19.90,first',
  '2,2026-01-02,5,second',
  '9007199254740993,2026-01-03,0.10,',
];

describeConnector('file', async () => {
  const server = await startFileServer();
  const serve = (): string => server.serve('/orders.csv', lines.join('\n'));
  return {
    connector: fileConnector,
    config: { url: serve(), key: ['id'] },
    credentials: null,
    stream: 'orders',
    fail: (...faults) => server.fail('/orders.csv', ...faults.map(faultOf)),
    recover: () => {
      server.remove('/orders.csv');
      serve();
    },
    close: () => server.close(),
  };
});
