/** One connector beside its stand-in, for one test. */
import type { FreshetError } from '@freshet/contracts';
import type { StreamSpec } from '../connector';
import type { ConnectorContext } from '../context';
import type { HttpClient } from '../http/http-client';
import { faultsOf } from './cells';
import type { ConnectorUnderTest, Started, StreamUnderTest } from './connector-under-test';
import { contextFor, localHttp, type ContextWishes } from './context';
import { StreamSync, type Run, type RunWishes } from './stream-sync';
import { SuiteClock } from './suite-clock';
import { shownRows } from './table';

const defaultDays = 4;

export class Trial<S extends Started> {
  private constructor(
    readonly subject: ConnectorUnderTest<S>,
    readonly standIn: S,
    readonly clock: SuiteClock,
    private readonly clients: { patient: HttpClient; impatient: HttpClient },
  ) {}

  static async open<S extends Started>(subject: ConnectorUnderTest<S>, start?: string): Promise<Trial<S>> {
    const clock = new SuiteClock(start);
    const clients = { patient: localHttp(), impatient: localHttp(true) };
    return new Trial(subject, await subject.start(clock), clock, clients);
  }

  async close(): Promise<void> {
    await Promise.all([this.standIn.close(), this.clients.patient.close(), this.clients.impatient.close()]);
  }

  get connector() {
    return this.subject.connector;
  }

  /** What every call of a connector begins with. */
  get source(): [unknown, unknown] {
    return [this.standIn.config, this.standIn.credentials];
  }

  context(wishes: ContextWishes = {}): ConnectorContext {
    const http = wishes.impatient ? this.clients.impatient : this.clients.patient;
    return contextFor(this.standIn, { clock: this.clock, http }, wishes);
  }

  specOf(name: string): StreamSpec {
    const specs = this.connector.streams(this.standIn.config);
    const found = specs.find((spec) => spec.name === name);
    if (!found)
      throw new Error(`${name} is not among the streams ${specs.map((spec) => spec.name).join(', ')}.`);
    return found;
  }

  get first(): StreamUnderTest {
    return this.standIn.streams[0];
  }

  sync(stream: StreamUnderTest = this.first): StreamSync {
    const [config, credentials] = this.source;
    const days = this.subject.days ?? defaultDays;
    return new StreamSync(this.connector, { config, credentials }, this.specOf(stream.name), days);
  }

  /** All of the source's streams, as one run reads them. */
  syncs(): [StreamUnderTest, StreamSync][] {
    return this.standIn.streams.map((stream) => [stream, this.sync(stream)]);
  }

  /** The first batch after which the same slice goes on, counted from 1; 0 when every batch ends one. */
  async batchWithinSlice(): Promise<number> {
    const commits: number[] = [];
    const sync = this.sync();
    await this.complete(sync, { onBatch: () => void commits.push(sync.commits) });
    return commits.findIndex((count, at) => count === commits[at + 1]) + 1;
  }

  /** One run, whose batches have to be well formed whatever becomes of it. */
  async run(sync: StreamSync, wishes: RunWishes & ContextWishes = {}): Promise<Run> {
    const run = await sync.run(this.context(wishes), wishes);
    expect(run.batches.flatMap(faultsOf).slice(0, 5)).toEqual([]);
    return run;
  }

  /** A run that has to come to its end. */
  async complete(sync: StreamSync, wishes: RunWishes & ContextWishes = {}): Promise<Run> {
    const run = await this.run(sync, wishes);
    expectNoError(run.error);
    return run;
  }

  async expectTruth(sync: StreamSync, stream: StreamUnderTest = this.first): Promise<void> {
    const truth = [...(await stream.truth(sync.days))];
    const names = Object.keys(truth[0] ?? Object.fromEntries(sync.spec.key.map((name) => [name, null])));
    expectSameRows(sync.table.shown(names), shownRows(truth, sync.table.columns ?? [], names));
  }
}

/** Shows the sentence, and not only that there is one. */
export const expectNoError = (error: FreshetError | null): void =>
  expect(error && { code: error.code, message: error.message, cause: error.cause }).toBeNull();

/** Of thousands of rows only a few that differ are of interest. */
export const expectSameRows = (shown: readonly string[], expected: readonly string[]): void => {
  const [have, want] = [new Set(shown), new Set(expected)];
  const some = (rows: readonly string[], others: ReadonlySet<string>): string[] =>
    rows.filter((row) => !others.has(row)).slice(0, 3);
  expect({ rows: shown.length, wrong: some(shown, want), missing: some(expected, have) }).toEqual({
    rows: expected.length,
    wrong: [],
    missing: [],
  });
};

/** Each error says what happened, at its end perhaps in the vendor's own words, and what to do. */
export const expectWellTold = (error: FreshetError | null): void => {
  expect(error).not.toBeNull();
  expect(error?.message).toMatch(/^\S+ \S.*[.!?]/s);
  expect(error?.details.action).toMatch(/^\p{Lu}.*\.$/su);
};
