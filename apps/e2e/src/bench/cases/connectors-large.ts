/** Sources with many rows: a table of a database, and reports of a site with very many pages. */
import { googleScopes, sandboxProperties, startGoogleAnalytics } from '@freshet/testing';
import pg from 'pg';
import type { Installation } from '../../connectors/installation';
import type { Surroundings, Trial } from '../../connectors/trial';

const endless = { fail: () => undefined, recover: () => undefined };

const largeTable = /* sql */ `
create table visits as
select n::bigint * 1000003 as id, (n % 5000)::bigint as account_id, 'user' || n || '@example.com' as email, 'Name ' || n as name,
  (array['new', 'open', 'won', 'lost'])[1 + n % 4] as status, (n % 100000) * 0.01::numeric(12, 2) as amount, n % 10 as qty,
  n % 2 = 0 as active, timestamptz '2026-01-01' + n * interval '1 second' as created_at,
  timestamptz '2026-06-01' + n * interval '1 second' as updated_at, json_build_object('a', n % 100, 'src', 'api') as meta,
  n / 3.0::double precision as score
from generate_series(1, %ROWS%) n`;

/** So many rows of twelve columns, in another database of the installation's server. */
export const largeDatabase = async (at: Installation, rows: number): Promise<Trial> => {
  await at.pool.query('create database shop');
  const url = new URL('/shop', at.postgresUrl);
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(largeTable.replace('%ROWS%', String(rows)));
  await client.query('alter table visits add primary key (id)');
  await client.query('vacuum (analyze) visits');
  await client.end();
  const stream = { table: 'public.visits', key: ['id'], cursor: 'updated_at' };
  const { hostname: host, username: user, password } = url;
  return {
    type: 'postgresql',
    env: {},
    config: { host, port: Number(url.port), database: 'shop', tls: 'disable', streams: [stream] },
    connect: () => Promise.resolve({ credentials: { user, password } }),
    truth: { visits: () => [] },
    ...endless,
    close: async () => void (await at.pool.query('drop database if exists shop with (force)')),
  };
};

/** Days of so many pages each. */
export const largeReports = async (surroundings: Surroundings, pagesADay: number): Promise<Trial> => {
  const google = await surroundings.google();
  const vendor = await startGoogleAnalytics({
    identity: google.identity,
    now: surroundings.now,
    scale: pagesADay / 60,
    properties: [sandboxProperties.store],
    quotas: { concurrentRequests: 1_000, tokensPerProjectPerHour: 1_000_000, tokensPerHour: 1_000_000 },
  });
  return {
    type: 'google-analytics',
    env: { ...google.env, FRESHET_GOOGLE_ANALYTICS_URL: vendor.url },
    config: { propertyId: sandboxProperties.store.id },
    connect: (session) => google.connect(session, 'google-analytics', googleScopes.analytics),
    truth: { pages: () => [] },
    ...endless,
    close: () => vendor.close(),
  };
};
