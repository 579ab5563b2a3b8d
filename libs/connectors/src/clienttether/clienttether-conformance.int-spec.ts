import { startClientTether, type ClientTetherStream } from '@freshet/testing';
import { describeConnector, type SuiteClock } from '../kit/conformance';
import { clientTetherConnector } from './clienttether-connector';

const qualifiedStages = ['Qualified', 'Discovery Day', 'Application', 'Awarded'];

const start = async ({ now }: SuiteClock) => {
  const standIn = await startClientTether({ now, days: 60, scale: 0.6 });
  const streamOf = (name: ClientTetherStream) => ({
    name,
    truth: () => standIn.truth(name, qualifiedStages),
  });
  return {
    ...standIn,
    config: { timeZone: standIn.timeZone },
    credentials: { accessToken: standIn.accessToken, webKey: standIn.webKey },
    settings: { baseUrl: standIn.url },
    streams: [
      streamOf('leads'),
      streamOf('opportunities'),
      streamOf('notes'),
      streamOf('activities'),
    ] as const,
  };
};

describeConnector('clienttether', {
  connector: clientTetherConnector,
  start,
  abilities: {
    empty: ({ empty }) => empty(),
    revoke: ({ revoke }) => revoke(),
    restore: ({ restore }) => restore(),
    restate: ({ remove, truth }) => remove(String(truth('leads', [])[7]?.['client_id'])),
  },
});
