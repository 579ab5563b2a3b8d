import { startKlaviyo, type KlaviyoStream } from '@freshet/testing';
import { describeConnector, type Days, type SuiteClock } from '../kit/conformance';
import { klaviyoConnector } from './klaviyo-connector';

const startUnderTest = async (clock: SuiteClock) => {
  const klaviyo = await startKlaviyo({ now: clock.now, people: 120, eventsADay: 100, historyDays: 30 });
  const stream = (name: KlaviyoStream) => ({
    name,
    truth: (days: Days | null) => klaviyo.truth(name, days ?? undefined),
  });
  return {
    config: {},
    credentials: { apiKey: klaviyo.apiKey },
    settings: { baseUrl: klaviyo.url },
    streams: [
      stream('events'),
      stream('campaigns'),
      stream('profiles'),
      stream('templates'),
      stream('metric_aggregates'),
      stream('campaign_values'),
      stream('flows'),
      stream('lists'),
      stream('metrics'),
      stream('forms'),
    ] as const,
    fail: klaviyo.fail,
    recover: klaviyo.recover,
    close: klaviyo.close,
    klaviyo,
  };
};

describeConnector('Klaviyo', {
  connector: klaviyoConnector,
  start: startUnderTest,
  abilities: {
    empty: ({ klaviyo }) => klaviyo.clear(),
    revoke: ({ klaviyo }) => klaviyo.revoke(),
    restore: ({ klaviyo }) => klaviyo.restore(),
    expirePages: ({ klaviyo }) => klaviyo.expirePages(),
    addFutureRows: ({ klaviyo }) =>
      klaviyo.addFutureEvents(
        [1, 40, 400].map((days) => new Date(klaviyo.now().getTime() + days * 86_400_000)),
      ),
  },
});
