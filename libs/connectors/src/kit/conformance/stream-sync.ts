/** Syncs one stream run by run, as the sync service does: passes, slices, commits, what is read again, and what stops a run. */
import { FreshetError, type ProblemCode } from '@freshet/contracts';
import { goOn } from '../cancelled';
import type { Account, Batch, Checkpoint, Connector, Slice, StreamSpec } from '../connector';
import type { ConnectorContext } from '../context';
import { afterSlice, dateIn, nextSlice, planPass, withSmallerSlices, type StreamProgress } from '../passes';
import type { Days } from './connector-under-test';
import { Killed, readSlice } from './read-slice';
import { Table } from './table';

export interface Run {
  /** Null when the run came to its end. */
  error: FreshetError | null;
  /** Every batch that was handed over, also those that were not committed. */
  batches: Batch[];
  commits: number;
  /** How often the kit began a slice again. */
  restarts: number;
  killed: boolean;
}

export interface RunWishes {
  /** The process dies when this batch arrives, counted from 1. */
  killAt?: number;
  /** Called when a batch arrived, counted from 1. */
  onBatch?(count: number): void | Promise<void>;
}

const mostRestarts = 5;
const readAgain: readonly ProblemCode[] = ['source_page_expired', 'source_changed'];

export class StreamSync {
  readonly table: Table;
  checkpoint: Checkpoint | null = null;
  /** Transactions of all runs so far. */
  commits = 0;
  /** The days of all passes so far. */
  days: Days | null = null;
  private progress: StreamProgress | null = null;
  private runs = 0;

  constructor(
    private readonly connector: Connector,
    private readonly source: { config: unknown; credentials: unknown },
    readonly spec: StreamSpec,
    private readonly firstWindowDays: number,
  ) {
    this.table = new Table(spec);
  }

  /** One run; afterwards only what was committed is left. Throws what is no FreshetError. */
  async run(context: ConnectorContext, wishes: RunWishes = {}): Promise<Run> {
    const run: Run = { error: null, batches: [], commits: 0, restarts: 0, killed: false };
    this.runs += 1;
    try {
      const { config, credentials } = this.source;
      const account = await this.connector.account(config, credentials, context);
      if (this.spec.slicing) await this.readPass(account, context, run, wishes);
      else await this.read({}, account, context, run, wishes);
    } catch (error) {
      if (error instanceof Killed) run.killed = true;
      else if (error instanceof FreshetError) run.error = error;
      else throw error;
    }
    return run;
  }

  private async readPass(
    account: Account | null,
    context: ConnectorContext,
    run: Run,
    wishes: RunWishes,
  ): Promise<void> {
    const today = dateIn(context.now(), account?.timeZone ?? 'UTC');
    const { spec: stream, firstWindowDays } = this;
    let progress = planPass(this.progress, { stream, today, runId: String(this.runs), firstWindowDays });
    this.widenDays(progress);
    for (let slice = nextSlice(progress); slice; slice = nextSlice(progress)) {
      goOn(context.signal);
      const read = await this.read(slice, account, context, run, wishes);
      const smaller = read === null ? withSmallerSlices(progress) : null;
      if (read === null && smaller === null)
        throw new FreshetError('source_slice_too_large', 'One day is too much.', { action: 'Ask for less.' });
      progress = smaller ?? afterSlice(progress, slice, read ?? 0, stream);
      this.progress = progress;
    }
  }

  private widenDays({ pass }: StreamProgress): void {
    if (!pass) return;
    const { from, to } = this.days ?? pass;
    this.days = { from: from < pass.from ? from : pass.from, to: to > pass.to ? to : pass.to };
  }

  /** Reads and commits a slice; gives its rows, or null when the vendor found it too large. */
  private async read(
    slice: Slice,
    account: Account | null,
    context: ConnectorContext,
    run: Run,
    wishes: RunWishes,
  ): Promise<number | null> {
    let known = this.table.columns;
    for (let restarts = 0; ; restarts++) {
      const batches = this.connector.read(
        {
          ...this.source,
          stream: this.spec.name,
          slice,
          account,
          checkpoint: this.spec.slicing ? null : this.checkpoint,
          knownColumns: known && [...known],
        },
        context,
      );
      const outcome = await readSlice(
        batches,
        { run, wishes, commit: (part) => this.commit(part, slice, run) },
        this.commitsWithin,
      );
      if (outcome.kind === 'whole') return outcome.rows;
      if (outcome.kind === 'wider') known = outcome.columns;
      else if (outcome.error.code === 'source_slice_too_large') return null;
      else if (!readAgain.includes(outcome.error.code)) throw outcome.error;
      run.restarts += 1;
      if (restarts === mostRestarts)
        throw outcome.kind === 'failed' ? outcome.error : new Error('The columns change again and again.');
    }
  }

  /** Streams that go on from a checkpoint of their own commit at each; slices and whole tables at their end. */
  private get commitsWithin(): boolean {
    return this.spec.slicing === null && (this.spec.mode === 'upsert' || this.spec.mode === 'append');
  }

  private commit(batches: readonly Batch[], slice: Slice, run: Run): void {
    run.commits += 1;
    this.commits += 1;
    const last = batches.findLast(({ checkpoint }) => checkpoint !== null)?.checkpoint;
    if (last) this.checkpoint = last;
    if (batches[0]?.notModified !== true) this.table.commit(batches, slice);
  }
}
