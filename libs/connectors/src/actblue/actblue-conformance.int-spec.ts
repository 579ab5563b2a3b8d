import { startActBlue, type ActBlueStream } from '@freshet/testing';
import { describeConnector, type SuiteClock } from '../kit/conformance';
import { actBlueConnector } from './actblue-connector';

const names: readonly [ActBlueStream, ...ActBlueStream[]] = [
  'contributions',
  'payments',
  'refunds',
  'recurring_cancellations',
  'managed_forms',
];

const start = async ({ now }: SuiteClock) => {
  const standIn = await startActBlue({ now, scale: 0.07, polls: 1 });
  const streamOf = (name: ActBlueStream) => ({
    name,
    truth: (days: { from: string; to: string } | null) => standIn.truth(name, days ?? { from: '', to: '' }),
  });
  const [first, ...others] = names;
  return {
    ...standIn,
    now,
    config: {},
    credentials: { clientUuid: standIn.clientUuid, clientSecret: standIn.clientSecret },
    settings: { baseUrl: standIn.url },
    streams: [streamOf(first), ...others.map(streamOf)] as const,
  };
};

describeConnector('actblue', {
  connector: actBlueConnector,
  start,
  // Longer than any stream looks back, so that a second pass reads the same days.
  days: 31,
  abilities: {
    empty: ({ empty }) => empty(),
    revoke: ({ revoke }) => revoke(),
    restore: ({ restore }) => restore(),
    restate: ({ paidOn, refund, now }) => {
      for (const item of paidOn('2026-03-08').slice(0, 20)) refund(item, now());
    },
  },
});
