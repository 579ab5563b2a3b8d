import {
  bigQueryProject,
  googleGrant,
  startBigQuery,
  startGoogleIdentity,
  googleScopes,
  sandboxAccounts,
  type BigQueryStandIn,
  type GoogleGrant,
} from '@freshet/testing';
import { accessTokens } from '../kit/access-tokens';
import { describeConnector, type Started, type SuiteClock } from '../kit/conformance';
import { bigQueryConnector } from './bigquery-connector';

interface Subject extends Started {
  warehouse: BigQueryStandIn;
  grant: GoogleGrant;
}

const account = sandboxAccounts.marketing.email;
const scopes = [googleScopes.bigQuery];

const config = {
  projectId: bigQueryProject,
  streams: [
    { name: 'orders', table: 'shop.orders', key: ['order_id'], cursor: 'updated_at' },
    {
      name: 'events',
      query: 'SELECT event_id, order_id, kind, at\nFROM shop.order_events',
      key: ['event_id'],
      cursor: 'at',
      mode: 'append',
    },
    { name: 'products', table: 'shop.products', key: ['sku'] },
    {
      name: 'asins',
      table: 'amazon.asin_performance',
      key: ['week', 'asin', 'marketplace'],
      cursor: 'week',
      lookbackDays: 28,
    },
  ],
};

const start = async ({ now }: SuiteClock): Promise<Subject> => {
  const identity = await startGoogleIdentity({ now });
  const warehouse = await startBigQuery({ identity, now, scale: 0.05, days: 40 });
  Object.assign(warehouse.controls, { mostRowsOnPage: 25 });
  const grant = googleGrant(identity, { account, scopes, now });
  const past = (row: Record<string, unknown>, column: string): boolean =>
    String(row[column]) <= now().toISOString();
  return {
    warehouse,
    config,
    credentials: null,
    settings: { baseUrl: warehouse.url },
    tokens: accessTokens(grant.vault),
    streams: [
      { name: 'orders', truth: () => warehouse.truth('orders').filter((row) => past(row, 'updated_at')) },
      { name: 'events', truth: () => warehouse.truth('order_events').filter((row) => past(row, 'at')) },
      { name: 'products', truth: () => warehouse.truth('products') },
      { name: 'asins', truth: () => warehouse.truth('asin_performance') },
    ],
    fail: warehouse.fail,
    recover: warehouse.recover,
    close: async () => void (await Promise.all([warehouse.close(), identity.close()])),
    grant,
  };
};

describeConnector<Subject>('bigquery', {
  connector: bigQueryConnector,
  start,
  abilities: {
    empty: ({ warehouse }) => void (warehouse.controls.isEmpty = true),
    revoke: ({ grant }) => grant.revoke(),
    restore: ({ grant }) => grant.restore(),
    consent: { expire: ({ grant }) => grant.expire(), renewals: ({ grant }) => grant.renewals() },
    expirePages: ({ warehouse }) => warehouse.controls.expirePageTokens(),
    addFutureRows: ({ warehouse }) => void (warehouse.controls.hasFuture = true),
    addColumn: { column: 'coupon', add: ({ warehouse }) => warehouse.controls.addCoupons() },
  },
});
