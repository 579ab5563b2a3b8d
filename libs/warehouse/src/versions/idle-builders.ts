/** Connections that wait for their project's next build: few, the least recently used gives way, none for long. */
import { Socket } from 'node:net';
import type { Client } from 'pg';

interface Waiting<T> {
  projectId: string;
  builder: T;
  timer: NodeJS.Timeout;
  onTake: () => void;
  onEnd: () => void;
}

export class IdleBuilders<T extends Client> {
  /** In the order in which they came back. */
  private waiting: Waiting<T>[] = [];
  private closed = false;

  constructor(private readonly limits: { keep: number; idleMs: number }) {}

  /** The most recently used one of the project. */
  take(projectId: string): T | undefined {
    const found = this.waiting.findLast((each) => each.projectId === projectId);
    if (!found) return undefined;
    this.forget(found);
    socketOf(found.builder)?.ref();
    found.onTake();
    return found.builder;
  }

  /** `onTake` is called when it is lent again. */
  put(projectId: string, builder: T, onTake: () => void): void {
    const timer = setTimeout(() => this.end(entry), this.limits.idleMs);
    const onEnd = (): void => this.forget(entry);
    const entry: Waiting<T> = { projectId, builder, timer, onTake, onEnd };
    // Neither an unused connection nor its timer is a reason for the process to live on.
    timer.unref();
    socketOf(builder)?.unref();
    builder.once('end', onEnd);
    this.waiting.push(entry);
    const spare = this.closed ? this.waiting.length : this.waiting.length - this.limits.keep;
    for (const oldest of this.waiting.slice(0, Math.max(0, spare))) this.end(oldest);
  }

  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.waiting.map((entry) => this.end(entry)));
  }

  private end(entry: Waiting<T>): Promise<void> {
    this.forget(entry);
    return entry.builder.end().catch(() => undefined);
  }

  private forget(entry: Waiting<T>): void {
    clearTimeout(entry.timer);
    entry.builder.off('end', entry.onEnd);
    this.waiting = this.waiting.filter((each) => each !== entry);
  }
}

const socketOf = ({ connection: { stream } }: Client): Socket | undefined =>
  stream instanceof Socket ? stream : undefined;
