import { startSwitchboard, type SwitchboardStream } from '@freshet/testing';
import { describeConnector, type Days, type SuiteClock } from '../kit/conformance';
import { switchboardConnector } from './switchboard-connector';

const timeZone = 'America/New_York';

const start = async ({ now }: SuiteClock) => {
  const standIn = await startSwitchboard({ now, scale: 0.2, days: 50, messagesAPage: 20 });
  const streamOf = (name: SwitchboardStream) => ({
    name,
    truth: (days: Days | null) => standIn.truth(name, days ?? { from: '', to: '' }, timeZone),
  });
  return {
    ...standIn,
    config: { timeZone },
    credentials: { accountId: standIn.accountId, secretKey: standIn.secretKey },
    settings: { baseUrl: standIn.url },
    streams: [
      streamOf('messages'),
      streamOf('broadcasts'),
      streamOf('replies'),
      streamOf('opt_outs'),
    ] as const,
  };
};

describeConnector('switchboard', {
  connector: switchboardConnector,
  start,
  // Longer than it looks back, so that a second pass reads the same days.
  days: 31,
  abilities: {
    empty: ({ empty }) => empty(),
    revoke: ({ revoke }) => revoke(),
    restore: ({ restore }) => restore(),
    expirePages: ({ expirePages }) => expirePages(),
    restate: ({ remove, truth }) => {
      const [gone] = truth('broadcasts', { from: '2026-02-20', to: '2026-03-11' }, timeZone);
      remove(gone?.['id'] ?? '');
    },
  },
});
