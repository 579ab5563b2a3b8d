/** A source of a trial in an installation: added, watched, asked for again, and held against the vendor's truth. */
import { waitFor } from '@freshet/testing';
import { differenceOf, type Difference } from './compare';
import type { Installation } from './installation';
import type { Days, Trial } from './trial';

export class TriedSource {
  runs = 1;

  private constructor(
    private readonly at: Installation,
    readonly trial: Trial,
    readonly id: string,
    /** Of the first pass. */
    private readonly days: number,
  ) {}

  /** Its first sync begins at once. */
  static async add(at: Installation, trial: Trial, days: number): Promise<TriedSource> {
    const { id } = await at.session.api.call('createSource', {
      params: { projectId: at.projectId },
      body: {
        type: trial.type,
        name: trial.type,
        config: trial.config,
        streams: Object.keys(trial.truth),
        firstWindowDays: days,
        ...(await trial.connect(at.session)),
      },
    });
    return new TriedSource(at, trial, id, days);
  }

  async current() {
    const query = { limit: 1 };
    const { items } = await this.at.session.api.call('listSourceRuns', { params: { id: this.id }, query });
    if (!items[0]) throw new Error('The source has no run.');
    return items[0];
  }

  /** Asks for everything anew when the last run has ended. */
  async keepBusy(): Promise<void> {
    const { status } = await this.current();
    if (!['queued', 'running', 'waiting'].includes(status)) await this.ask({ full: true });
  }

  async untilRunning(): Promise<void> {
    await waitFor(async () => (await this.current()).status === 'running', {
      timeout: 60_000,
      interval: 50,
      what: `the run of ${this.trial.type} to be taken up`,
    });
  }

  /** A run that the vendor's faults ended is asked for again, as a person would. */
  async untilWhole(tell: (what: string) => void): Promise<void> {
    for (let tries = 0; tries < 5; tries++) {
      const ended = await waitFor(
        async () => {
          const run = await this.current();
          return ['completed', 'failed', 'cancelled'].includes(run.status) && run;
        },
        { timeout: 600_000, interval: 200, what: `the sync of ${this.trial.type} to end` },
      );
      if (ended.status === 'completed') return;
      tell(`${this.trial.type}: ${ended.error?.message ?? ended.status}`);
      await this.ask({});
    }
    throw new Error(`${this.trial.type} does not complete, although nothing is wrong any more.`);
  }

  /** @param vendorsNow the time that the vendor's clock showed all the while */
  async compare(vendorsNow: Date): Promise<{ rows: number; differences: Difference[] }> {
    const { account } = await this.at.session.api.call('getSource', { params: { id: this.id } });
    const days = daysUntil(vendorsNow, this.days, account?.timeZone ?? 'UTC');
    const differences: Difference[] = [];
    let rows = 0;
    for (const [stream, truth] of Object.entries(this.trial.truth)) {
      const expected = truth(days);
      rows += expected.length;
      const difference = await differenceOf(this.at.pool, this.id, stream, expected);
      if (difference) differences.push(difference);
    }
    return { rows, differences };
  }

  async ask(body: { full?: boolean }): Promise<void> {
    await this.at.session.api.call('startSync', { params: { id: this.id }, body });
    this.runs += 1;
  }
}

/** So many days before the one that clocks in this zone show, and that day. */
export const daysUntil = (now: Date, days: number, timeZone: string): Days => {
  const today = Date.parse(`${new Intl.DateTimeFormat('sv-SE', { timeZone }).format(now)}T00:00:00Z`);
  const day = (shift: number): string => new Date(today + shift * 86_400_000).toISOString().slice(0, 10);
  return { from: day(-days), to: day(1) };
};
