/** The leases of this process's refreshes; hears of cancels as they are committed, and the leases' beat is the safety net. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { channels } from '@freshet/contracts';
import { ControlPlane } from '@freshet/persistence';
import { Clock, ENV, LOG, type BaseEnv, type Log } from '@freshet/service-kit';
import type { Client } from 'pg';
import { RefreshLease } from './refresh-lease';

const reconnectAfter = 500;

@Injectable()
export class RefreshLeases implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly held = new Map<string, RefreshLease>();
  private readonly stopping = new AbortController();
  private connection: Client | undefined;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENV) private readonly env: BaseEnv,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Until its `stop`. */
  hold(refresh: { modelId: string; refreshId: string }, shutdown: AbortSignal): RefreshLease {
    const { refreshId } = refresh;
    const forget = (): void => void this.held.delete(refreshId);
    const lease = new RefreshLease(this.plane, refresh, this.env.FRESHET_LEASE_MS, shutdown, forget);
    this.held.set(refreshId, lease);
    return lease;
  }

  onApplicationBootstrap(): Promise<void> {
    return this.listen();
  }

  private async listen(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const connection = await this.plane.systemConnection('freshet cancel');
        connection.on('notification', ({ payload }) => payload && this.hear(payload));
        connection.on('error', () => undefined);
        connection.once('end', () => void this.listenAgain());
        await connection.query(`listen ${channels.cancel}`);
        this.connection = connection;
        return;
      } catch (error) {
        this.log.warn({ err: error }, 'Could not listen for cancels; trying again');
        await this.clock.sleep(reconnectAfter, this.stopping.signal);
      }
    }
  }

  private async listenAgain(): Promise<void> {
    await this.clock.sleep(reconnectAfter, this.stopping.signal);
    await this.listen();
  }

  /** What it says is looked up: the message only says when to look. */
  private hear(payload: string): void {
    const { refreshId } = JSON.parse(payload) as { refreshId?: string };
    if (refreshId) void this.held.get(refreshId)?.look();
  }

  async onApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await this.connection?.end();
  }
}
