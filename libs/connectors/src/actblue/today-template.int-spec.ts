import { sandboxAdAccounts, startActBlue, startMetaAds, usePostgres } from '@freshet/testing';
import { Pool } from 'pg';
import { accessTokens } from '../kit/access-tokens';
import { SuiteClock } from '../kit/conformance';
import { contextFor, localHttp } from '../kit/conformance/context';
import { chartFaults, runTemplates, type ChartRows } from '../kit/conformance/template-trial';
import { metaAdsConnector } from '../meta-ads/meta-ads-connector';
import { actBlueConnector } from './actblue-connector';

const postgres = usePostgres();
/** Half past noon in Los Angeles, where the ad account is: ActBlue's Eastern days are three hours ahead of its days. */
const now = new Date('2026-11-22T20:30:00Z');
const today = '2026-11-22';
const yesterday = '2026-11-21';
const days = { from: '2026-10-20', to: '2026-11-24' };
const adAccount = sandboxAdAccounts[0]?.id ?? '';
const donations = startActBlue({ now: () => now, scale: 0.6, polls: 0 });
const ads = startMetaAds({ now: () => now, adsInSet: 2, reportSteps: 0 });
let charts: ChartRows;

/** A database that believes it is `now`. */
const databaseThen = async (): Promise<Pool> => {
  await postgres.pool.query('CREATE SCHEMA clock');
  await postgres.pool.query(
    `CREATE FUNCTION clock.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT '${now.toISOString()}'::timestamptz $$`,
  );
  return new Pool({ connectionString: postgres.url, options: '-c search_path=clock,pg_catalog' });
};

beforeAll(async () => {
  const [actBlue, meta, http] = [await donations, await ads, localHttp()];
  const clock = new SuiteClock(now.toISOString());
  const grant = () =>
    Promise.resolve({ accessToken: meta.token(), expiresAt: now.getTime() + 60 * 86_400_000 });
  const tokens = accessTokens({ now: clock.now, load: grant, renew: grant });
  const pool = await databaseThen();
  charts = await runTemplates(pool, {
    connector: actBlueConnector,
    config: {},
    credentials: { clientUuid: actBlue.clientUuid, clientSecret: actBlue.clientSecret },
    context: contextFor({ settings: { baseUrl: actBlue.url } }, { clock, http }),
    slice: days,
    beside: {
      ads: {
        connector: metaAdsConnector,
        config: { adAccount },
        credentials: null,
        context: contextFor({ settings: { baseUrl: meta.url }, tokens }, { clock, http }),
        slice: days,
      },
    },
  });
  await Promise.all([pool.end(), http.close()]);
}, 60_000);
afterAll(async () => Promise.all([(await donations).close(), (await ads).close()]));

const rowsOf = (title: string): Record<string, unknown>[] => charts.get(title)?.rows ?? [];
const zone = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'America/Los_Angeles',
  dateStyle: 'short',
  timeStyle: 'short',
});

interface Gift {
  date: string;
  hour: number;
  minute: number;
  cents: number;
  refcode: string;
  donor: string;
  isFirst: boolean;
}

/** What was given and not given back, on the clock of the ad account. */
const gifts = async (): Promise<Gift[]> => {
  const { truth } = await donations;
  const refunded = new Set(truth('refunds', days).map(({ lineitem_id }) => lineitem_id));
  return truth('contributions', days).map((row) => {
    const [date = '', time = ''] = zone.format(new Date(String(row['paid_at']))).split(' ');
    return {
      date,
      hour: Number(time.slice(0, 2)),
      minute: Number(time.slice(3)),
      cents: refunded.has(row['lineitem_id'] ?? '') ? 0 : Math.round(Number(row['amount']) * 100),
      refcode: String(row['refcode'] ?? ''),
      donor: String(row['donor_email']),
      isFirst: row['recurrence_number'] === '1',
    };
  });
};
const spends = async (): Promise<{ date: string; hour: number; cents: number }[]> =>
  (await ads).truth('insights_hourly', [adAccount], days).map((row) => ({
    date: String(row['date']),
    hour: Number(row['hour']),
    cents: Math.round(Number(row['spend']) * 100),
  }));
const centsOf = (parts: readonly { cents: number }[]): number =>
  parts.reduce((sum, { cents }) => sum + cents, 0);
const isMeta = /^(fb|ig|meta)_/;
const dollars = (cents: number): string => (Math.round(cents) / 100).toFixed(2);
/** Of yesterday until half past noon: the half of its hour counts half. */
const byNow = (parts: readonly { date: string; hour: number; cents: number }[]): number => {
  const on = parts.filter(({ date }) => date === yesterday);
  return centsOf(on.filter(({ hour }) => hour < 12)) + centsOf(on.filter(({ hour }) => hour === 12)) / 2;
};

it('every chart shows something, in a place of its own, and every key is one', () => {
  expect(chartFaults(actBlueConnector, charts)).toEqual([]);
});

it('today is the ad account’s day so far, beside as much of yesterday', async () => {
  const [given, spent] = [await gifts(), await spends()];
  const isToday = ({ date }: { date: string }): boolean => date === today;
  const before = given.filter(
    ({ date, hour, minute }) => date === yesterday && (hour < 12 || (hour === 12 && minute < 30)),
  );
  const donorsOf = (some: Gift[]): string => String(new Set(some.map(({ donor }) => donor)).size);
  expect(before.length).toBeGreaterThan(5);
  expect(rowsOf('Raised today')).toEqual([
    { today: dollars(centsOf(given.filter(isToday))), yesterday: dollars(centsOf(before)) },
  ]);
  expect(rowsOf('Donors today')).toEqual([
    { today: donorsOf(given.filter(isToday)), yesterday: donorsOf(before) },
  ]);
  expect(rowsOf('Spent on Meta today')).toEqual([
    { today: dollars(centsOf(spent.filter(isToday))), yesterday: dollars(byNow(spent)) },
  ]);
  const byMeta = given.filter(({ refcode, isFirst }) => isFirst && isMeta.test(refcode));
  expect(rowsOf('Raised per dollar spent')).toEqual([
    {
      today: (centsOf(byMeta.filter(isToday)) / centsOf(spent.filter(isToday))).toFixed(2),
      yesterday: (byNow(byMeta) / byNow(spent)).toFixed(2),
    },
  ]);
});

it('a line has all hours of yesterday, and of today those that have begun', async () => {
  const given = await gifts();
  const rows = rowsOf('Raised by hour');
  expect(rows.map(({ hour }) => hour)).toEqual(Array.from({ length: 24 }, (_, hour) => hour));
  const at = (hour: number, day: string): string =>
    dollars(centsOf(given.filter((gift) => gift.date === day && gift.hour === hour)));
  expect(rows.map((row) => Number(row['yesterday']).toFixed(2))).toEqual(
    rows.map((_row, hour) => at(hour, yesterday)),
  );
  expect(rows.map((row) => (row['today'] === null ? null : Number(row['today']).toFixed(2)))).toEqual(
    rows.map((_row, hour) => (hour > 12 ? null : at(hour, today))),
  );
});

it('a campaign has what its name or its number as a refcode brought, and what no campaign has is told apart', async () => {
  const lately = (await gifts()).filter(({ date, isFirst }) => date > '2026-10-25' && isFirst);
  const by = (refcode: string): Gift[] => lately.filter((gift) => gift.refcode === refcode);
  const rows = new Map(rowsOf('What each campaign brought').map((row) => [row['campaign'], row]));
  for (const [campaign, refcode] of [
    ['Prospecting | US', 'fb_prospecting_us'],
    ['Holiday gift guide | US', 'ig_holiday_gift_guide_us'],
    ['Newsletter sign-ups | US', 'meta_120201000000000002'],
    ['(no campaign of this refcode)', 'fb_prospecting_video'],
  ] as const) {
    expect(by(refcode).length).toBeGreaterThan(5);
    const { donations: count, raised } = rows.get(campaign) ?? {};
    expect([campaign, Number(count), raised]).toEqual([
      campaign,
      by(refcode).length,
      dollars(centsOf(by(refcode))),
    ]);
  }
  const spent = (await spends()).filter(({ date }) => date > '2026-10-25');
  const told = [...rows.values()].map(({ spend }) => ({ cents: Math.round(Number(spend) * 100) }));
  expect(centsOf(told)).toBe(centsOf(spent));
  const prospecting = rows.get('Prospecting | US');
  const people = new Set(by('fb_prospecting_us').map(({ donor }) => donor)).size;
  expect(prospecting?.['cost_per_donor']).toBe((Number(prospecting?.['spend']) / people).toFixed(2));
});

it('channels are told by refcodes, and add up to all that came in', async () => {
  const lately = (await gifts()).filter(({ date }) => date > '2026-11-08');
  const rows = rowsOf('Channels by day');
  const of = (channel: string): string =>
    dollars(
      centsOf(
        rows
          .filter((row) => row['channel'] === channel)
          .map(({ raised }) => ({ cents: Math.round(Number(raised) * 100) })),
      ),
    );
  expect(of('Meta')).toBe(
    dollars(centsOf(lately.filter(({ refcode, isFirst }) => isFirst && isMeta.test(refcode)))),
  );
  expect(of('Email')).toBe(
    dollars(centsOf(lately.filter(({ refcode, isFirst }) => isFirst && refcode.startsWith('em_')))),
  );
  expect(of('Recurring')).toBe(dollars(centsOf(lately.filter(({ isFirst }) => !isFirst))));
  expect(dollars(centsOf(rows.map(({ raised }) => ({ cents: Math.round(Number(raised) * 100) }))))).toBe(
    dollars(centsOf(lately)),
  );
});
