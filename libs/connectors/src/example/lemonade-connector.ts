/** The connector of the guide (docs/guide/write-a-connector.md). It passes the conformance suite and is in no registry. */
import { z } from 'zod';
import { defineApiConnector } from '../kit/api/define-api-connector';
import { checkSteps } from '../kit/check-steps';
import type { ConnectorContext } from '../kit/context';
import { ask, explain, type Shop } from './lemonade-api';
import { customers, sales } from './lemonade-streams';

const config = z.object({
  shop: z.string().min(1, 'Choose a shop.').describe('The shop whose sales are read'),
});
const credentials = z.object({
  key: z.string().min(1, 'Give the key.').describe('From Settings → API keys'),
});

export type LemonadeConfig = z.infer<typeof config>;
export type LemonadeKey = z.infer<typeof credentials>;

const shopOf = ({ shop }: LemonadeConfig, { key }: LemonadeKey, context: ConnectorContext): Promise<Shop> =>
  ask<Shop>(context, key, '/v1/shop', { shop });

export const lemonadeConnector = defineApiConnector<LemonadeConfig, LemonadeKey>({
  type: 'lemonade',
  name: 'Lemonade',
  description: 'Sales and customers of a lemonade shop.',
  auth: 'key',
  archives: true,
  config,
  credentials,
  docsUrl: null,
  provisionalDays: 3,
  explain,
  pace: ({ shop = '' }) => ({ key: shop, perSecond: 10 }),
  streams: [sales, customers],
  account: shopOf,
  check: (...asked) =>
    checkSteps(asked[2], (step) =>
      step(
        'Open the shop',
        () => shopOf(...asked),
        ({ name, timeZone }) => `${name} may be read; its days are those of ${timeZone}.`,
      ),
    ),
});
