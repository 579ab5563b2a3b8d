/** The one place that knows the socket: joins the room of the project on the screen and hands its events to pages, complete and in order. */
import { DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import type { Signal } from '@angular/core';
import type { ProjectEvent, SocketEventName } from '@freshet/contracts';
import { Api } from '../api/api';
import { LiveSocket } from './live-socket';
import { ProjectFeed } from './project-feed';
import type { MissedEvents } from './project-feed';

export type Connection = 'connecting' | 'live' | 'reconnecting' | 'off';

type Handler = (event: ProjectEvent) => void;
/** When the server did not let us in, or did not answer: ms until the next try. */
const rejoinAfter = 5_000;

interface Listener {
  names: ReadonlySet<string>;
  handle: Handler;
  resync?: () => void;
}

@Injectable({ providedIn: 'root' })
export class LiveUpdates {
  readonly #api = inject(Api);
  readonly #socket = inject(LiveSocket);
  readonly #listeners = new Set<Listener>();
  readonly #connection = signal<Connection>('off');
  readonly #seq = signal<number | null>(null);
  #project: string | null = null;
  #feed: ProjectFeed | null = null;
  #joinedBefore = false;
  /** The dashboard on the screen; told again after each reconnection, as the server forgets it with the connection. */
  #watched: string | null = null;

  readonly connection = this.#connection.asReadonly();
  readonly live = computed(() => this.#connection() === 'live');
  /** The last event's place in the project's order; null before the first. */
  readonly seq = this.#seq.asReadonly();

  /** Follows a project from now on, instead of the one before; null ends it and closes the socket. */
  follow(projectId: string | null): void {
    if (projectId === this.#project) return;
    this.#feed?.close();
    if (this.#project !== null) this.#socket.unsubscribe(this.#project);
    this.#project = projectId;
    this.#seq.set(null);
    if (projectId === null) {
      this.#feed = null;
      this.#joinedBefore = false;
      this.#connection.set('off');
      this.#socket.close();
      return;
    }
    this.#feed = new ProjectFeed({
      missed: async (after) =>
        (await this.#api.call('missedEvents', { params: { projectId }, query: { after } })) as MissedEvents,
      deliver: (event) => this.#deliver(event),
      resync: () => this.#resync(),
    });
    if (this.#connection() === 'off') {
      this.#connection.set('connecting');
      this.#socket.open({
        connected: () => void this.#join(),
        disconnected: () => this.#connection.set(this.#joinedBefore ? 'reconnecting' : 'connecting'),
        refused: () => void this.#ask(),
        received: (name, payload) => this.#receive(name, payload),
      });
    } else {
      void this.#join();
    }
  }

  /** A dashboard is on the screen from now until the returned function is called. */
  watch(dashboardId: string): () => void {
    this.#watched = dashboardId;
    if (this.live()) this.#socket.watch(dashboardId, true);
    return () => {
      if (this.#watched !== dashboardId) return;
      this.#watched = null;
      this.#socket.watch(dashboardId, false);
    };
  }

  /**
   * Calls `handle` for each event of these names until the owner is destroyed (or the returned function is called).
   * `resync` is called instead when too much was missed to tell it event by event: read your state anew.
   */
  on<N extends SocketEventName>(
    names: N | readonly N[],
    handle: (event: { [K in N]: ProjectEvent<K> }[N]) => void,
    options: { resync?: () => void; destroyRef?: DestroyRef } = {},
  ): () => void {
    const listener: Listener = {
      names: new Set<string>([names].flat()),
      handle: handle as Handler,
      resync: options.resync,
    };
    this.#listeners.add(listener);
    const stop = (): void => void this.#listeners.delete(listener);
    (options.destroyRef ?? inject(DestroyRef)).onDestroy(stop);
    return stop;
  }

  /** A number that grows with each event of these names that `matters`, and when too much was missed: for `apiResource`'s `reloadOn`. */
  changes<N extends SocketEventName>(
    names: N | readonly N[],
    matters: (event: { [K in N]: ProjectEvent<K> }[N]) => boolean = () => true,
  ): Signal<number> {
    const count = signal(0);
    const grow = (): void => count.update((n) => n + 1);
    this.on(names, (event) => matters(event) && grow(), { resync: grow });
    return count.asReadonly();
  }

  /** A session that ended answers 401, which leads to the sign-in page. */
  async #ask(): Promise<void> {
    const projectId = this.#project;
    if (projectId === null) return;
    await this.#api
      .call('missedEvents', { params: { projectId }, query: { after: this.#feed?.last ?? 0, limit: 1 } })
      .catch(() => undefined);
  }

  async #join(): Promise<void> {
    const [projectId, feed] = [this.#project, this.#feed];
    if (projectId === null || feed === null) return;
    const joined = await this.#socket.subscribe(projectId);
    if (feed !== this.#feed) return;
    this.#connection.set(joined === null ? 'reconnecting' : 'live');
    if (joined === null) {
      setTimeout(() => feed === this.#feed && !this.live() && void this.#join(), rejoinAfter);
      return;
    }
    this.#joinedBefore = true;
    if (this.#watched !== null) this.#socket.watch(this.#watched, true);
    if (joined.seq !== null) feed.reached(joined.seq);
    this.#seq.set(feed.last);
  }

  #receive(name: string, payload: unknown): void {
    const feed = this.#feed;
    if (feed === null || typeof payload !== 'object' || payload === null) return;
    if ((payload as { projectId?: unknown }).projectId !== this.#project) return;
    if (name === 'room:seq') feed.reached((payload as { seq: number }).seq);
    else feed.receive({ ...(payload as ProjectEvent), name: name as SocketEventName });
    this.#seq.set(feed.last);
  }

  #deliver(event: ProjectEvent): void {
    this.#seq.set(this.#feed?.last ?? null);
    for (const listener of [...this.#listeners]) if (listener.names.has(event.name)) listener.handle(event);
  }

  #resync(): void {
    for (const listener of [...this.#listeners]) listener.resync?.();
  }
}
