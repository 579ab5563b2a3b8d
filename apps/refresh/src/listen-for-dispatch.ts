/** Dispatches a project as soon as a committed transaction asks for it, one run at a time and never fewer than asked for. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { channels } from '@freshet/contracts';
import { ControlPlane, findProjectsToDispatch } from '@freshet/persistence';
import { Clock, LOG, type Log } from '@freshet/service-kit';
import type { Client } from 'pg';
import { DispatchCascade } from './dispatch-cascade';

const reconnectAfter = 500;

@Injectable()
export class ListenForDispatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  private readonly asked = new Set<string>();
  private readonly running = new Map<string, Promise<void>>();
  private connection: Client | undefined;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(DispatchCascade) private readonly cascade: DispatchCascade,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.listen();
  }

  private async listen(): Promise<void> {
    while (!this.stopping.signal.aborted) {
      try {
        const connection = await this.plane.systemConnection('freshet dispatch');
        connection.on('notification', ({ payload }) => payload && this.ask(payload));
        connection.on('error', () => undefined);
        connection.once('end', () => void this.listenAgain());
        await connection.query(`listen ${channels.dispatch}`);
        this.connection = connection;
        // What was asked for while nobody listened is found in the data.
        for (const projectId of await findProjectsToDispatch(this.plane.system)) this.ask(projectId);
        return;
      } catch (error) {
        this.log.warn({ err: error }, 'Could not listen for dispatches; trying again');
        await this.clock.sleep(reconnectAfter, this.stopping.signal);
      }
    }
  }

  private async listenAgain(): Promise<void> {
    if (this.stopping.signal.aborted) return;
    await this.clock.sleep(reconnectAfter, this.stopping.signal);
    await this.listen();
  }

  /** While a project is dispatched, any number of further asks lead to one more run after it. */
  private ask(projectId: string): void {
    this.asked.add(projectId);
    if (this.running.has(projectId)) return;
    const run = this.dispatchUntilQuiet(projectId).finally(() => this.running.delete(projectId));
    this.running.set(projectId, run);
  }

  private async dispatchUntilQuiet(projectId: string): Promise<void> {
    while (this.asked.delete(projectId) && !this.stopping.signal.aborted) {
      try {
        await this.cascade.dispatch(projectId);
      } catch (error) {
        // The scheduler asks again within a second.
        this.log.warn({ project: projectId, err: error }, 'A dispatch failed');
      }
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.running.values());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.end();
  }
}
