/** The Socket.IO connection itself, to the origin the page came from, with the session's cookie. */
import { Injectable } from '@angular/core';
import type { Socket } from 'socket.io-client';

export interface SocketListener {
  connected(): void;
  disconnected(): void;
  /** The server answered, and would not have it. */
  refused(): void;
  received(name: string, payload: unknown): void;
}

@Injectable({ providedIn: 'root' })
export class LiveSocket {
  #socket: Socket | null = null;
  #opening = 0;

  /** Loaded when first needed: the sign-in page does without. */
  open(listener: SocketListener): void {
    const opening = ++this.#opening;
    void import('socket.io-client').then(({ io }) => {
      if (opening !== this.#opening) return;
      const socket = io({
        withCredentials: true,
        transports: ['websocket', 'polling'],
        reconnectionDelayMax: 5_000,
      });
      this.#socket = socket;
      socket.on('connect', () => listener.connected());
      socket.on('disconnect', (reason) => {
        listener.disconnected();
        // After that Socket.IO does not reconnect by itself.
        if (reason === 'io server disconnect')
          setTimeout(() => opening === this.#opening && socket.connect(), 1_000);
      });
      socket.on('connect_error', () => {
        listener.disconnected();
        if (socket.active) return;
        // The server said no: the session may have ended.
        listener.refused();
        setTimeout(() => opening === this.#opening && socket.connect(), 5_000);
      });
      socket.onAny((name: string, payload: unknown) => listener.received(name, payload));
    });
  }

  /** The project's current seq (null when the server does not say), or null when it refused or did not answer. */
  async subscribe(projectId: string): Promise<{ seq: number | null } | null> {
    const socket = this.#socket;
    if (!socket) return null;
    try {
      const answer: unknown = await socket.timeout(5_000).emitWithAck('subscribe', { projectId });
      if (typeof answer !== 'object' || answer === null) return { seq: null };
      if ('error' in answer || ('ok' in answer && answer.ok === false)) return null;
      return { seq: 'seq' in answer && typeof answer.seq === 'number' ? answer.seq : null };
    } catch {
      return null;
    }
  }

  unsubscribe(projectId: string): void {
    this.#socket?.emit('unsubscribe', { projectId });
  }

  /** Tells that a dashboard is on the screen, or no longer: what it shows is refreshed first meanwhile. */
  watch(dashboardId: string, open: boolean): void {
    this.#socket?.emit(open ? 'watch' : 'unwatch', { dashboardId });
  }

  close(): void {
    this.#opening++;
    this.#socket?.close();
    this.#socket = null;
  }
}
