/**
 * What PostgreSQL tells of changes, and how surely it has been heard: the base of everything the gateway keeps in memory.
 *
 * PostgreSQL hands notifications to a listening connection in the order of commits. So once a notification that this
 * process sent to itself has come back, every change that was committed before it was sent has been heard. That is asked
 * only when somebody wants to use what is remembered, and counts for `trustedFor`; see docs/adr/0008.
 */
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { channels } from '@freshet/contracts';
import { ControlPlane } from '@freshet/persistence';
import { LOG, type Log } from '@freshet/service-kit';
import { Listener } from '../live/listener';
import { revocations } from '../live/revocations';
import { RecentWork } from './recent-work';

/** Told by triggers of the database: see the migration told-changes. */
export const toldChannels = { pointers: 'freshet_pointers', principals: 'freshet_principals' } as const;

/** Milliseconds. The bound is 100; the rest is for sending the answer. */
const trustedFor = 75;
/** A probe that takes longer is not waited for: PostgreSQL is read instead. */
const probePatience = 100;
/** The connection is given up and opened anew when a probe has not come back by then. */
const deadAfter = 5_000;

/** When something was read from PostgreSQL, and on which listening connection changes of it are heard. */
export interface Mark {
  /** Counts listening connections; 0 while there is none. */
  connection: number;
  /** On `performance.now()`'s scale, before the read began. */
  at: number;
}

interface Probe {
  number: number;
  sentAt: number;
  done: Promise<boolean>;
  settle: (heard: boolean) => void;
}

type Handler = (payload: unknown) => void;

@Injectable()
export class News implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly handlers = new Map<string, Handler[]>();
  private readonly listeningHandlers: (() => void)[] = [];
  private readonly listener: Listener;
  private readonly probeChannel = `freshet_probe_${crypto.randomUUID().replaceAll('-', '')}`;
  private connections = 0;
  private connection = 0;
  /** Everything committed before this moment has been heard on the present connection. */
  private heardUpTo = 0;
  private probes = 0;
  private probe: Probe | undefined;
  private next: Promise<boolean> | undefined;

  constructor(
    @Inject(ControlPlane) plane: ControlPlane,
    @Inject(RecentWork) private readonly recent: RecentWork,
    @Inject(LOG) log: Log,
  ) {
    this.listener = new Listener({
      plane,
      log,
      channels: [
        channels.events, channels.progress, revocations.channel, toldChannels.pointers, toldChannels.principals, this.probeChannel,
      ], // prettier-ignore
      onMessage: (channel, payload) => this.receive(channel, payload),
      onListening: () => this.begin(),
      onLost: () => this.end(),
    });
  }

  onApplicationBootstrap(): Promise<void> {
    return this.listener.start();
  }

  onModuleDestroy(): Promise<void> {
    return this.close();
  }

  async close(): Promise<void> {
    await this.listener.close();
    this.end();
  }

  /** To be called before listening begins. */
  on(channel: string, handler: Handler): void {
    this.handlers.set(channel, [...(this.handlers.get(channel) ?? []), handler]);
  }

  /** Whenever listening begins, also again after a loss: what was told meanwhile has to be looked for. */
  onListening(handler: () => void): void {
    this.listeningHandlers.push(handler);
  }

  /** To be taken before reading what is to be remembered. */
  mark(): Mark {
    return { connection: this.connection, at: performance.now() };
  }

  /** How recent something has to be for this organization now. */
  needed(organizationId: string | null): number {
    return Math.max(performance.now() - trustedFor, this.recent.of(organizationId));
  }

  /** Up to when something that was read at the mark, and not told of since, is known to be as it was; 0 when nobody knows. */
  knownUpTo({ connection, at }: Mark): number {
    return connection !== 0 && connection === this.connection ? Math.max(at, this.heardUpTo) : 0;
  }

  /** Hears everything that was committed before `moment`; false when that can't be had soon. */
  hear(moment: number): Promise<boolean> {
    if (this.connection === 0) return Promise.resolve(false);
    if (!this.probe) return patient(this.send());
    if (this.probe.sentAt >= moment) return patient(this.probe.done);
    this.next ??= this.probe.done.then(() => {
      this.next = undefined;
      return this.probe?.done ?? this.send();
    });
    return patient(this.next);
  }

  private send(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const number = ++this.probes;
    const probe: Probe = { number, sentAt: performance.now(), done: promise, settle: resolve };
    this.probe = probe;
    const timer = setTimeout(() => this.listener.breakOff(), deadAfter);
    void promise.finally(() => clearTimeout(timer));
    this.listener.ask('select pg_notify($1, $2)', [this.probeChannel, String(number)]).catch(() => {
      if (this.probe === probe) this.probe = undefined;
      resolve(false);
    });
    return promise;
  }

  private receive(channel: string, payload: unknown): void {
    if (channel === this.probeChannel) this.cameBack(Number(payload));
    else for (const handler of this.handlers.get(channel) ?? []) handler(payload);
  }

  private cameBack(number: number): void {
    const { probe } = this;
    if (probe?.number !== number) return;
    this.heardUpTo = Math.max(this.heardUpTo, probe.sentAt);
    this.probe = undefined;
    probe.settle(true);
  }

  private begin(): void {
    this.connection = ++this.connections;
    this.heardUpTo = 0;
    for (const handler of this.listeningHandlers) handler();
  }

  private end(): void {
    this.connection = 0;
    const { probe } = this;
    this.probe = undefined;
    probe?.settle(false);
  }
}

/** The probe goes on for those who come later. */
function patient(hearing: Promise<boolean>): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), probePatience);
  void hearing.then((heard) => {
    clearTimeout(timer);
    resolve(heard);
  });
  return promise;
}
