/** Many properties are read for long under their quotas: nobody does anything but add them, and wait. */
import {
  googleScopes,
  manyProperties,
  startGoogleAnalytics,
  waitFor,
  type AnalyticsQuotaName,
  type GoogleAnalytics,
} from '@freshet/testing';
import { differenceOf, type Difference } from '../connectors/compare';
import { Installation } from '../connectors/installation';
import { startGoogle } from '../connectors/google';
import { daysUntil } from '../connectors/tried-source';
import { expectedRows, type ReportName } from './reports';
import { countAsked, type Asked } from './requests';

export interface QuotaOptions {
  properties: number;
  /** Days before today. */
  days: number;
  reports: readonly ReportName[];
  /** How many times as fast as real time the clocks of vendor and services run. */
  factor: number;
  /** What a report costs, as a multiple of what it costs a small property. */
  priceFactor: number;
  /** Other than Google's standard ones. */
  quotas?: Partial<Record<AnalyticsQuotaName, number>>;
  tell(what: string): void;
}

export interface QuotaReport {
  properties: number;
  days: number;
  reports: number;
  /** How often a run was set aside until its quota was back, the most often one, and how often any failed. */
  parked: number;
  mostParked: number;
  failed: number;
  /** Hours that passed at the vendor until the last property was complete. */
  vendorHours: number;
  /** Until then. */
  asked: Asked;
  tokens: number;
  mostTokens: number;
  rows: number;
  /** Of real time. */
  seconds: number;
  differences: Difference[];
}

const zone = 'Europe/Berlin';
const hour = 3_600_000;

export const quotaRun = async (options: QuotaOptions): Promise<QuotaReport> => {
  const { properties: count, quotas, factor, priceFactor } = options;
  const origin = new Date();
  const now = (): Date => new Date(origin.getTime() + (Date.now() - origin.getTime()) * factor);
  const google = await startGoogle(now);
  const properties = manyProperties(count);
  const vendor = await startGoogleAnalytics({
    identity: google.identity,
    now,
    properties,
    priceFactor,
    ...(quotas && { quotas }),
  });
  const installation = await Installation.start({
    ...google.env,
    FRESHET_GOOGLE_ANALYTICS_URL: vendor.url,
    FRESHET_CLOCK: `${origin.toISOString()}*${factor}`,
  });
  try {
    const { connectionId } = await google.connect(
      installation.session,
      'google-analytics',
      googleScopes.analytics,
    );
    return await new QuotaRun(installation, vendor, options, connectionId).pass();
  } finally {
    await installation.close();
    await vendor.close();
    await google.identity.close();
  }
};

interface Counts {
  open: number;
  waiting: number;
  completed: number;
  failed: number;
  /** Claims of runs beyond their first. */
  parked: number;
  mostParked: number;
}

const countRuns = /* sql */ `
select count(*) filter (where status in ('queued', 'running', 'waiting'))::int as open,
  count(*) filter (where status = 'waiting')::int as waiting,
  count(*) filter (where status = 'completed')::int as completed,
  count(*) filter (where status not in ('queued', 'running', 'waiting', 'completed'))::int as failed,
  (select count(*)::int from app.event where name = 'sync:waiting') as parked,
  (select coalesce(max(n), 0)::int from (select count(*) as n from app.event where name = 'sync:waiting' group by payload ->> 'runId') each) as "mostParked"
from app.sync_run`;

class QuotaRun {
  /** Of the source of each property, by the property's id. */
  private readonly sources = new Map<string, string>();

  constructor(
    private readonly at: Installation,
    private readonly vendor: GoogleAnalytics,
    private readonly options: QuotaOptions,
    private readonly connectionId: string,
  ) {}

  async pass(): Promise<QuotaReport> {
    const began = Date.now();
    const beganAtVendor = this.vendor.now();
    for (const { id } of this.vendor.properties) await this.add(id);
    await this.untilDone();
    const { parked, mostParked, failed } = await this.runs();
    const asked = countAsked(this.vendor);
    const spent = this.vendor.properties.map(({ id }) => this.vendor.tokensSpent(id));
    const vendorHours = (this.vendor.now().getTime() - beganAtVendor.getTime()) / hour;
    const { rows, differences } = await this.compare();
    const { properties, days, reports } = this.options;
    return {
      ...{ properties, days, reports: reports.length, parked, mostParked, failed, asked, rows, differences },
      vendorHours: Math.round(vendorHours * 10) / 10,
      tokens: spent.reduce((sum, tokens) => sum + tokens, 0),
      mostTokens: Math.max(...spent),
      seconds: Math.round((Date.now() - began) / 1_000),
    };
  }

  private async add(propertyId: string): Promise<void> {
    const { id } = await this.at.session.api.call('createSource', {
      params: { projectId: this.at.projectId },
      body: {
        type: 'google-analytics',
        name: `Property ${propertyId}`,
        config: { propertyId },
        streams: [...this.options.reports],
        firstWindowDays: this.options.days,
        connectionId: this.connectionId,
      },
    });
    this.sources.set(propertyId, id);
  }

  private async runs(): Promise<Counts> {
    const { rows } = await this.at.pool.query<Counts>(countRuns);
    if (!rows[0]) throw new Error('Runs could not be counted.');
    return rows[0];
  }

  private async untilDone(): Promise<void> {
    let told = Date.now();
    await waitFor(
      async () => {
        const { open, waiting, completed, parked } = await this.runs();
        if (Date.now() - told > 15_000) {
          told = Date.now();
          this.options.tell(
            `${this.vendor.now().toISOString().slice(0, 16)} at the vendor: ${completed} runs completed, ${open} open, ${waiting} of them wait; parked ${parked} times`,
          );
        }
        return open === 0;
      },
      { timeout: 3 * hour, interval: 250, what: 'every run to end' },
    );
  }

  /**
   * The vendor corrects days of the last three as they grow older, so each source is synced once more, as a schedule would; then all
   * tables have to be what the vendor shows on that day. When the day ended meanwhile, it is done again.
   */
  private async compare(): Promise<{ rows: number; differences: Difference[] }> {
    const today = (): string => daysUntil(this.vendor.now(), 0, zone).from;
    for (;;) {
      const day = today();
      for (const id of this.sources.values())
        await this.at.session.api.call('startSync', { params: { id }, body: {} });
      await this.untilDone();
      const expected: { source: string; report: ReportName; rows: object[] }[] = [];
      for (const [property, source] of this.sources) {
        for (const report of this.options.reports) {
          const days = {
            from: await this.firstDay(source),
            to: daysUntil(this.vendor.now(), 0, zone).to,
          };
          expected.push({ source, report, rows: expectedRows(this.vendor, property, report, days) });
        }
      }
      if (today() !== day) continue;
      const differences: Difference[] = [];
      for (const { source, report, rows } of expected) {
        const difference = await differenceOf(this.at.pool, source, report, rows);
        if (difference) differences.push({ ...difference, stream: `${report} of source ${source}` });
      }
      return { rows: expected.reduce((sum, { rows }) => sum + rows.length, 0), differences };
    }
  }

  /** The first window's first day: it counts from when the source was added, however long a report had to wait for its quota. */
  private async firstDay(source: string): Promise<string> {
    const query = 'select min(queued_at) as first from app.sync_run where source_id = $1';
    const { rows } = await this.at.pool.query<{ first: Date }>(query, [source]);
    if (!rows[0]) throw new Error(`Source ${source} was never read.`);
    return daysUntil(rows[0].first, this.options.days, zone).from;
  }
}
