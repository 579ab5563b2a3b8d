/** Keeps a refresh's lease alive while it builds, and stops the build when it was cancelled, taken over, or must leave. */
import { renewRefreshLease, type ControlPlane } from '@freshet/persistence';

/** Renewals within one length: a cancel nobody heard of is noticed by them, so they are many. */
const beats = 15;

export class RefreshLease {
  state: 'held' | 'lost' | 'cancelled' | 'leaving' = 'held';
  private readonly controller = new AbortController();
  private readonly timer: NodeJS.Timeout;
  private beating: Promise<void> = Promise.resolve();
  private readonly leave = (): void => this.end('leaving');

  constructor(
    private readonly plane: ControlPlane,
    private readonly refresh: { modelId: string; refreshId: string },
    /** Milliseconds. */
    private readonly length: number,
    private readonly shutdown: AbortSignal,
    private readonly onStop: () => void = () => undefined,
  ) {
    shutdown.addEventListener('abort', this.leave, { once: true });
    if (shutdown.aborted) this.leave();
    this.timer = setInterval(() => void this.look(), length / beats);
  }

  /** Aborted when the build must stop. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Renews the lease, and stops the build when the database says so. */
  look(): Promise<void> {
    // A database that is away for a moment costs a beat; the lease outlasts many.
    this.beating = this.beating.then(() => this.renew()).catch(() => undefined);
    return this.beating;
  }

  private async renew(): Promise<void> {
    if (this.state !== 'held') return;
    const { modelId, refreshId } = this.refresh;
    const leaseSeconds = this.length / 1_000;
    const state = await renewRefreshLease(this.plane.system, { modelId, refreshId, leaseSeconds });
    if (state === 'lost') this.end('lost');
    if (state === 'cancel') this.end('cancelled');
  }

  private end(state: RefreshLease['state']): void {
    if (this.state !== 'held') return;
    this.state = state;
    this.controller.abort();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.shutdown.removeEventListener('abort', this.leave);
    this.onStop();
    await this.beating;
  }
}
