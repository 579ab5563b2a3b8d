/** The connectors whose streams are read on from a checkpoint or whole rather than by days: tables, and a CRM. */
import {
  bigQueryProject,
  metaPeople,
  PostgresServer,
  sandboxAdAccounts,
  startBigQuery,
  startClientTether,
  startFaultProxy,
  startMetaAds,
  startMetaIdentity,
  type ClientTetherStream,
  type MetaStream,
} from '@freshet/testing';
import pg from 'pg';
import { consent } from './consent';
import type { StartTrial } from './trial';

/** Meta's consent is given as in a browser; its lists of ads are read whole, its insights by days. */
export const metaAds: StartTrial = async ({ now }) => {
  const identity = await startMetaIdentity({ now });
  const vendor = await startMetaAds({ now, identity, adsInSet: 1, reportSteps: 1, callsAnHour: 10_000_000 });
  const account = sandboxAdAccounts[0]?.id ?? '';
  const names: readonly MetaStream[] = ['insights_daily', 'campaigns', 'ads'];
  const decide = async (page: URL): Promise<string> => {
    const form = new URLSearchParams(page.searchParams);
    form.set('user', metaPeople.marketing.id);
    form.set('decision', 'allow');
    form.append('granted', 'ads_read');
    const answer = await fetch(`${page.origin}${page.pathname}`, {
      method: 'POST',
      body: form,
      redirect: 'manual',
    });
    return answer.headers.get('location') ?? '';
  };
  return {
    type: 'meta-ads',
    env: {
      FRESHET_META_ADS_URL: vendor.url,
      FRESHET_META_OAUTH_URL: identity.url,
      FRESHET_META_CLIENT_ID: identity.app.id,
      FRESHET_META_CLIENT_SECRET: identity.app.secret,
    },
    config: { adAccount: `act_${account}` },
    connect: async (session) => ({
      connectionId: await consent(session, { provider: 'meta', type: 'meta-ads' }, decide),
    }),
    truth: Object.fromEntries(
      names.map((name) => [
        name,
        (days) => [...vendor.truth(name, [account], name.startsWith('insights') ? days : undefined)],
      ]),
    ),
    fail: vendor.fail,
    recover: vendor.recover,
    close: async () => void (await Promise.all([vendor.close(), identity.close()])),
  };
};

export const clientTether: StartTrial = async ({ now }) => {
  const vendor = await startClientTether({ now, days: 120, scale: 1 });
  const stages = ['Qualified', 'Discovery Day', 'Application', 'Awarded'];
  const names: readonly ClientTetherStream[] = ['leads', 'opportunities', 'notes', 'activities'];
  return {
    type: 'clienttether',
    env: { FRESHET_CLIENTTETHER_URL: vendor.url },
    config: { timeZone: vendor.timeZone },
    connect: () =>
      Promise.resolve({ credentials: { accessToken: vendor.accessToken, webKey: vendor.webKey } }),
    truth: Object.fromEntries(names.map((name) => [name, () => vendor.truth(name, stages)])),
    fail: vendor.fail,
    recover: vendor.recover,
    close: () => vendor.close(),
  };
};

export const bigQuery: StartTrial = async ({ now, hasSmallPages }) => {
  const vendor = await startBigQuery({ now, scale: 0.5, days: 90 });
  if (hasSmallPages) Object.assign(vendor.controls, { mostRowsOnPage: 200 });
  return {
    type: 'bigquery',
    env: { FRESHET_BIGQUERY_URL: vendor.url },
    config: {
      projectId: bigQueryProject,
      streams: [
        { name: 'orders', table: 'shop.orders', key: ['order_id'], cursor: 'updated_at' },
        { name: 'products', table: 'shop.products', key: ['sku'] },
      ],
    },
    connect: () => Promise.resolve({ credentials: { serviceAccountKey: JSON.stringify(vendor.key) } }),
    truth: { orders: () => vendor.truth('orders'), products: () => vendor.truth('products') },
    fail: vendor.fail,
    recover: vendor.recover,
    close: () => vendor.close(),
  };
};

const orders = 60_000;

/** A shop's database behind a proxy that resets connections where a vendor would misbehave. */
export const postgresql: StartTrial = async () => {
  const server = await PostgresServer.start();
  const pool = new pg.Pool({ connectionString: server.url, max: 1 });
  await pool.query(`create table orders as
    select n::bigint * 1000003 as id, (n % 977) * 1.01::numeric(12, 2) as amount, 'customer ' || n % 211 as customer,
      timestamptz '2026-01-01' + n / 3 * interval '1 minute' as updated_at
    from generate_series(1, ${orders}) n`);
  await pool.query('alter table orders add primary key (id)');
  const proxy = await startFaultProxy({ target: server.url });
  const { rows } = await pool.query<{ all: object[] }>(
    `select json_agg(json_build_object('id', id::text, 'amount', amount::text, 'customer', customer, 'updated_at', updated_at)) as all from orders`,
  );
  const { username, password } = new URL(server.url);
  return {
    type: 'postgresql',
    env: {},
    config: {
      host: '127.0.0.1',
      port: proxy.port,
      database: 'postgres',
      tls: 'disable',
      streams: [{ table: 'public.orders', key: ['id'], cursor: 'updated_at' }],
    },
    connect: () => Promise.resolve({ credentials: { user: username, password } }),
    truth: { orders: () => rows[0]?.all ?? [] },
    fail: () => void proxy.resetAll(),
    recover: () => undefined,
    close: async () => {
      await pool.end();
      await proxy.close();
      await server.stopImmediately();
    },
  };
};
