/** Dispatches a project's organization as soon as a committed transaction asks for it, one run at a time and never fewer than asked for. */
import { Inject, Injectable, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { channels } from '@freshet/contracts';
import { ControlPlane, findOrganizationOf, findProjectsToDispatch } from '@freshet/persistence';
import { Clock, LOG, type Log } from '@freshet/service-kit';
import type { Client } from 'pg';
import { DispatchCascade } from './dispatch-cascade';

const reconnectAfter = 500;

@Injectable()
export class ListenForDispatch implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly stopping = new AbortController();
  /** Project id → its organization; it never changes. */
  private readonly organizations = new Map<string, string>();
  private readonly looking = new Set<Promise<void>>();
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
        connection.on('notification', ({ payload }) => payload && this.askFor(payload));
        connection.on('error', () => undefined);
        connection.once('end', () => void this.listenAgain());
        await connection.query(`listen ${channels.dispatch}`);
        this.connection = connection;
        // What was asked for while nobody listened is found in the data.
        for (const { organizationId } of await findProjectsToDispatch(this.plane.system))
          this.ask(organizationId);
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

  /** @param projectId as the notification says it */
  private askFor(projectId: string): void {
    const known = this.organizations.get(projectId);
    if (known) return this.ask(known);
    const look = this.findOrganization(projectId).finally(() => this.looking.delete(look));
    this.looking.add(look);
  }

  private async findOrganization(projectId: string): Promise<void> {
    try {
      const organizationId = await findOrganizationOf(this.plane.system, projectId);
      if (!organizationId) return;
      this.organizations.set(projectId, organizationId);
      this.ask(organizationId);
    } catch (error) {
      this.log.warn({ project: projectId, err: error }, 'Could not tell whose project is to be dispatched');
    }
  }

  /** While an organization is dispatched, any number of further asks lead to one more run after it. */
  private ask(organizationId: string): void {
    this.asked.add(organizationId);
    if (this.running.has(organizationId) || this.stopping.signal.aborted) return;
    const run = this.dispatchUntilQuiet(organizationId).finally(() => {
      this.running.delete(organizationId);
      if (this.asked.has(organizationId)) this.ask(organizationId);
    });
    this.running.set(organizationId, run);
  }

  private async dispatchUntilQuiet(organizationId: string): Promise<void> {
    while (this.asked.delete(organizationId) && !this.stopping.signal.aborted) {
      try {
        await this.cascade.dispatch(organizationId);
      } catch (error) {
        // The scheduler asks again within a second.
        this.log.warn({ organization: organizationId, err: error }, 'A dispatch failed');
      }
    }
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.stopping.abort();
    await Promise.all(this.looking);
    await Promise.all(this.running.values());
  }

  async onApplicationShutdown(): Promise<void> {
    await this.connection?.end();
  }
}
