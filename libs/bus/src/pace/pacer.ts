/** Keeps to a vendor's limits across all processes: who wants to ask waits here for a turn (spec: shared rate limits). */
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalTurns } from './local-turns';
import { lives, type Pace, type TurnRequest, type Turns } from './turns';

export type { Pace } from './turns';

/** Waits for a turn; what it gives ends it. Rejects when the signal aborts. */
export type PaceKeeper = (pace: Pace, signal: AbortSignal) => Promise<() => void>;

export interface PacerOptions {
  /** Those of all processes. */
  shared: Turns;
  /** Told when the shared ones can't be asked and this process keeps the pace for itself. */
  onAlone?: (error: Error) => void;
}

export class PacerDesk {
  private readonly alone = new LocalTurns();
  /** Who waits in this process is woken when a turn of its account ends here. */
  private readonly sleepers = new Map<string, Set<AbortController>>();

  constructor(private readonly options: PacerOptions) {}

  /** The pacer of one source: sources of one account take turns. */
  of(source: string): PaceKeeper {
    return (pace, signal) => this.wait({ id: randomUUID(), source, pace }, signal);
  }

  private async wait(request: TurnRequest, signal: AbortSignal): Promise<() => void> {
    for (;;) {
      signal.throwIfAborted();
      const { turns, wait } = await this.ask(request);
      if (wait === 0 && !signal.aborted) return () => void this.end(turns, request);
      if (!signal.aborted) await this.sleep(request.pace.key, Math.min(wait, lives.patience), signal);
      if (signal.aborted) {
        await this.end(turns, request);
        signal.throwIfAborted();
      }
    }
  }

  private async ask(request: TurnRequest): Promise<{ turns: Turns; wait: number }> {
    const { shared, onAlone } = this.options;
    try {
      return { turns: shared, wait: await shared.ask(request) };
    } catch (error) {
      onAlone?.(error as Error);
      return { turns: this.alone, wait: await this.alone.ask(request) };
    }
  }

  /** A turn that can't be given back expires. */
  private async end(turns: Turns, request: TurnRequest): Promise<void> {
    await turns.end(request).catch(() => undefined);
    for (const sleeper of this.sleepers.get(request.pace.key) ?? []) sleeper.abort();
  }

  private async sleep(key: string, milliseconds: number, signal: AbortSignal): Promise<void> {
    const sleeper = new AbortController();
    const sleepers = this.sleepers.get(key) ?? new Set();
    this.sleepers.set(key, sleepers.add(sleeper));
    const woken = AbortSignal.any([sleeper.signal, signal]);
    await sleep(milliseconds, undefined, { signal: woken }).catch(() => undefined);
    sleepers.delete(sleeper);
    if (sleepers.size === 0) this.sleepers.delete(key);
  }
}
