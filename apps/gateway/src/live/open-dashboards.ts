/** Tells the dispatcher which dashboards are open at this gateway, so that the models behind them go first (spec CA14). */
import { endWatches, renewWatches, type Sql } from '@freshet/persistence';
import type { Log } from '@freshet/service-kit';

/** Seconds. An entry that was not renewed, since its gateway died, is over after `lasts`. */
export const watching = { renewed: 20, lasts: 60 } as const;

export interface OpenDashboardsOptions {
  /** Statements across organizations; who may open what is checked before. */
  sql: () => Sql;
  log: Log;
}

export class OpenDashboards {
  /** Of this process. */
  readonly gateway = crypto.randomUUID();
  /** Dashboard → sockets that have it open. */
  private readonly open = new Map<string, Set<string>>();
  private timer: NodeJS.Timeout | undefined;
  /** One write after the other: an end must not overtake the beginning before it. */
  private writing: Promise<void> = Promise.resolve();

  constructor(private readonly options: OpenDashboardsOptions) {}

  start(): void {
    this.timer = setInterval(() => void this.renew([...this.open.keys()]), watching.renewed * 1_000);
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    const open = [...this.open.keys()];
    this.open.clear();
    await this.end(open);
  }

  async watch(socketId: string, dashboardId: string): Promise<void> {
    const sockets = this.open.get(dashboardId) ?? new Set();
    this.open.set(dashboardId, sockets.add(socketId));
    if (sockets.size === 1) await this.renew([dashboardId]);
  }

  async unwatch(socketId: string, dashboardId: string): Promise<void> {
    const sockets = this.open.get(dashboardId);
    if (!sockets?.delete(socketId) || sockets.size > 0) return;
    this.open.delete(dashboardId);
    await this.end([dashboardId]);
  }

  /** The socket is gone, and with it all that it had open. */
  async leave(socketId: string): Promise<void> {
    for (const dashboardId of [...this.open.keys()]) await this.unwatch(socketId, dashboardId);
  }

  private renew(dashboardIds: readonly string[]): Promise<void> {
    if (dashboardIds.length === 0) return Promise.resolve();
    return this.write((sql) => renewWatches(sql, this.gateway, dashboardIds, watching.lasts));
  }

  private end(dashboardIds: readonly string[]): Promise<void> {
    if (dashboardIds.length === 0) return Promise.resolve();
    // Opened again meanwhile: then it goes on.
    return this.write((sql) =>
      endWatches(
        sql,
        this.gateway,
        dashboardIds.filter((id) => !this.open.has(id)),
      ),
    );
  }

  /** What can't be written is renewed, or ends by itself: it only decides what goes first. */
  private write(work: (sql: Sql) => Promise<void>): Promise<void> {
    this.writing = this.writing
      .then(() => work(this.options.sql()))
      .catch((err: unknown) => this.options.log.warn({ err }, 'Open dashboards could not be told of'));
    return this.writing;
  }
}
