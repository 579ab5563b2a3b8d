/** One connection through a fault proxy: two directions, each forwarding piece by piece as the mode of the moment says. */
import { connect, type Socket } from 'node:net';
import { setTimeout as moment } from 'node:timers/promises';
import type { Direction, ProxyMode } from './proxy-mode';
import type { ReplyWatch } from './reply-watch';

/** Pieces in which throttled bytes are sent, a second's worth divided by this. */
const piecesPerSecond = 20;

interface Parts {
  client: Socket;
  target: { host: string; port: number };
  modeOfAll: () => ProxyMode;
  /** Where replies may have to be dropped. */
  watch: ReplyWatch | undefined;
  /** The awaited reply was dropped, and the connection with it. */
  onLost: () => void;
  onEnd: () => void;
}

export class ProxiedConnection {
  private own: ProxyMode | undefined;
  private readonly client: Socket;
  private readonly server: Socket;
  private readonly passed: Record<Direction, number> = { up: 0, down: 0 };
  private wake: () => void = () => undefined;
  private changed = this.untilChanged();
  private ended = false;
  private isReset = false;

  constructor(private readonly parts: Parts) {
    const { client, target, onEnd } = parts;
    this.client = client;
    this.server = connect({ ...target, allowHalfOpen: true, noDelay: true });
    this.client.setNoDelay(true);
    for (const socket of [this.client, this.server]) socket.on('error', () => this.reset());
    void Promise.allSettled([
      this.pump(this.client, this.server, 'up'),
      this.pump(this.server, this.client, 'down'),
    ]).then(() => {
      this.ended = true;
      onEnd();
    });
  }

  get mode(): ProxyMode {
    return this.own ?? this.parts.modeOfAll();
  }

  /** For this connection alone; undefined: as all others again. */
  setMode(mode: ProxyMode | undefined): void {
    this.own = mode;
    this.modeChanged();
  }

  /** To be called whenever the mode of all may be another one. */
  modeChanged(): void {
    this.passed.up = this.passed.down = 0;
    if (this.mode.kind === 'reset') this.reset();
    const { wake } = this;
    this.changed = this.untilChanged();
    wake();
  }

  /** Both sides see the connection reset by its peer. */
  reset(): void {
    if (this.isReset) return;
    this.isReset = this.ended = true;
    for (const socket of [this.client, this.server]) breakOff(socket);
    this.wake();
  }

  private untilChanged(): Promise<void> {
    return new Promise((resolve) => (this.wake = resolve));
  }

  private async pump(from: Socket, to: Socket, direction: Direction): Promise<void> {
    // Of its own, the iterator would destroy the socket at its end, and the other direction with it.
    for await (const chunk of from.iterator({ destroyOnReturn: false })) {
      const { forward, lost } = this.look(chunk as Buffer, direction);
      await this.forward(forward, to, direction);
      if (lost) this.lose();
    }
    to.end();
  }

  private look(chunk: Buffer, direction: Direction): ReturnType<ReplyWatch['reply']> {
    const { watch } = this.parts;
    if (watch && direction === 'down') return watch.reply(chunk);
    watch?.request(chunk);
    return { forward: chunk, lost: false };
  }

  /** The client still gets what came before the lost reply. */
  private lose(): void {
    this.parts.onLost();
    this.ended = true;
    this.client.destroySoon();
    breakOff(this.server);
  }

  private async forward(chunk: Buffer, to: Socket, direction: Direction): Promise<void> {
    while (this.mode.kind === 'blackhole' && !this.ended) await this.changed;
    const { mode } = this;
    if (mode.kind === 'delay') await moment(mode.milliseconds);
    if (mode.kind === 'throttle') return this.drip(chunk, to, mode.bytesPerSecond);
    if (mode.kind === 'cut' && mode.direction === direction) {
      const left = mode.afterBytes - this.passed[direction];
      if (chunk.length > left) {
        await write(to, chunk.subarray(0, left));
        return this.reset();
      }
    }
    this.passed[direction] += chunk.length;
    await write(to, chunk);
  }

  private async drip(chunk: Buffer, to: Socket, bytesPerSecond: number): Promise<void> {
    const size = Math.max(1, Math.ceil(bytesPerSecond / piecesPerSecond));
    for (let at = 0; at < chunk.length && !this.ended; at += size) {
      await write(to, chunk.subarray(at, at + size));
      if (this.mode.kind === 'throttle') await moment(1_000 / piecesPerSecond);
    }
  }
}

/**
 * By RST, unless its sending side is closed already: libuv does not reset a socket whose shutdown is under way, and Node
 * then never lets go of it, not even when the process ends.
 */
const breakOff = (socket: Socket): void => {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
};

/** Resolves when the bytes have left, or can't any more. */
const write = (to: Socket, chunk: Buffer): Promise<void> =>
  new Promise((resolve) => {
    if (chunk.length === 0 || to.destroyed) return resolve();
    to.write(chunk, () => resolve());
  });
