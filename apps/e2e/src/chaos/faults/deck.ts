/** Which faults come, and how often: dealt from a shuffled deck, so that each run meets each kind. */
import { pick, type Random } from '../../harness/random';
import type { Fault } from './fault';
import { deadlock, holdLock } from './lock-faults';
import {
  blackHole,
  cut,
  dropCommit,
  dropEnqueue,
  refuse,
  reset,
  resetConnections,
  slow,
} from './network-faults';
import { flushRedis, killRedis, loseRedisTail, stopPostgres } from './server-faults';
import { freeze, kill, killAtPoint } from './service-faults';

export const faults = {
  kill,
  killAtPoint,
  freeze,
  stopPostgres,
  killRedis,
  loseRedisTail,
  flushRedis,
  dropCommit,
  dropEnqueue,
  holdLock,
  deadlock,
  resetConnections,
  blackHole,
  refuse,
  reset,
  slow,
  cut,
} satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

/** Cards of each kind in one deck; one where nothing is said. */
const cards: Partial<Record<FaultName, number>> = {
  kill: 9,
  killAtPoint: 10,
  freeze: 2,
  dropCommit: 3,
  dropEnqueue: 2,
  resetConnections: 2,
};

export class Deck {
  private cards: FaultName[] = [];

  /** @param short each kind once, but kills twice: for runs of seconds */
  constructor(
    private readonly random: Random,
    private readonly short: boolean,
  ) {}

  next(): FaultName {
    if (this.cards.length === 0) this.shuffle();
    return this.cards.pop() ?? 'kill';
  }

  private shuffle(): void {
    const times = (name: FaultName): number =>
      this.short ? (name.startsWith('kill') && name !== 'killRedis' ? 2 : 1) : (cards[name] ?? 1);
    this.cards = (Object.keys(faults) as FaultName[]).flatMap((name) =>
      Array.from({ length: times(name) }, () => name),
    );
    for (let place = this.cards.length - 1; place > 0; place--) {
      const other = pick(this.random, place + 1);
      const [a, b] = [this.cards[place] as FaultName, this.cards[other] as FaultName];
      this.cards[place] = b;
      this.cards[other] = a;
    }
  }
}
