/** Keeps a run's lease alive while it works, reports how far it is, and stops the work when the lease is no longer ours. */
import { defaults } from '@freshet/contracts';
import { notifyProgress, renewSyncLease, type ClaimedRun, type ControlPlane } from '@freshet/persistence';

export type LeaseEnd = 'held' | 'lost' | 'cancelled' | 'leaving';

/** So often, at the least, progress is told when there is something new. */
const tellInterval = defaults.sync.progressInterval / 2;

/** Progress is told at each tenth, and at least so often while rows arrive (spec SY9). */
const tellEvery = 0.1;

export class RunLease {
  state: LeaseEnd = 'held';
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> = Promise.resolve();
  private progress: number | null = null;
  private rowsCommitted = 0;
  private rowsOfSlice = 0;
  private stream: string | null = null;
  private place = 0;
  private streams = 1;
  private told = { progress: 0, rows: -1 };
  private readonly leave = (): void => this.end('leaving');

  constructor(
    private readonly plane: ControlPlane,
    private readonly run: ClaimedRun,
    /** Milliseconds. */
    private readonly length: number,
    private readonly shutdown: AbortSignal,
  ) {
    shutdown.addEventListener('abort', this.leave, { once: true });
    this.timer = setInterval(() => this.tick(), Math.min(length / 5, tellInterval));
  }

  /** Aborted when the run must stop: cancelled, taken over, or the process is leaving. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Rows that earlier attempts of the run had committed. */
  resume(rows: number): void {
    this.rowsCommitted = rows;
  }

  /** @param place of `streams` streams, from 0 */
  begin(stream: string, place: number, streams: number): void {
    Object.assign(this, { stream, place, streams, progress: null, rowsOfSlice: 0 });
    this.tick();
  }

  /** What was read of a slice that is begun again does not count. */
  beginSlice(): void {
    this.rowsOfSlice = 0;
  }

  /** So many more rows arrived. @param share of the stream, 0–1, or null while its size is unknown */
  arrived(rows: number, share: number | null): void {
    this.report(this.rowsOfSlice + rows, share);
  }

  /** So many rows of the slice are on their way into the table; they may have arrived before. */
  loading(rows: number, share: number | null): void {
    this.report(Math.max(this.rowsOfSlice, rows), share);
  }

  committed(rows: number, share: number | null): void {
    this.rowsCommitted += rows;
    this.report(0, share);
  }

  private report(rowsOfSlice: number, share: number | null): void {
    this.rowsOfSlice = rowsOfSlice;
    this.progress = share === null ? null : (this.place + share) / this.streams;
    if (this.progress !== null && this.progress - this.told.progress >= tellEvery) this.tick();
  }

  private get totalRows(): number {
    return this.rowsCommitted + this.rowsOfSlice;
  }

  private tick(): void {
    this.told.progress = this.progress ?? this.told.progress;
    this.beating = this.beating.then(() => this.renew()).catch(() => undefined);
  }

  /** A database that is away for a moment costs a beat; the lease outlasts two. */
  private async renew(): Promise<void> {
    if (this.state !== 'held') return;
    const { progress, stream, totalRows: rows } = this;
    const { id: runId, attempt, projectId, sourceId } = this.run;
    const leaseSeconds = this.length / 1_000;
    const state = await renewSyncLease(this.plane.system, {
      runId,
      attempt,
      progress,
      rowsRead: rows,
      stream,
      leaseSeconds,
    });
    if (state === 'lost') return this.end('lost');
    if (state === 'cancel') return this.end('cancelled');
    if (rows === this.told.rows) return;
    this.told.rows = rows;
    await notifyProgress(this.plane.system, projectId, { sourceId, runId, progress, rows, stream });
  }

  private end(state: LeaseEnd): void {
    if (this.state !== 'held') return;
    this.state = state;
    this.controller.abort();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.shutdown.removeEventListener('abort', this.leave);
    await this.beating;
  }
}
