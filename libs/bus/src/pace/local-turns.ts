/** Turns kept by this process alone, for the time when Redis is away: better than no pace, and than no sync. */
import { lives, windowsOf, type TurnRequest, type Turns } from './turns';

interface Account {
  grants: number[];
  turns: Set<string>;
  /** In the order of arrival. */
  waiting: Map<string, { source: string; seen: number }>;
  served: Map<string, number>;
}

export class LocalTurns implements Turns {
  private readonly accounts = new Map<string, Account>();
  private count = 0;

  constructor(private readonly now: () => number = () => performance.now()) {}

  ask(request: TurnRequest): Promise<number> {
    return Promise.resolve(this.decide(request));
  }

  end({ id, pace }: TurnRequest): Promise<void> {
    const account = this.accounts.get(pace.key);
    account?.turns.delete(id);
    account?.waiting.delete(id);
    return Promise.resolve();
  }

  private decide({ id, source, pace }: TurnRequest): number {
    const [account, now] = [this.accountOf(pace.key), this.now()];
    const { grants, turns, waiting, served } = account;
    if (waiting.has(id)) Object.assign(waiting.get(id) ?? {}, { seen: now });
    else waiting.set(id, { source, seen: now });
    let wait = this.first(account, now) === id ? 0 : lives.look;
    if (pace.atOnce !== undefined && turns.size >= pace.atOnce) wait = lives.look;
    const windows = windowsOf(pace);
    for (const { most, milliseconds } of windows) {
      const oldest = grants.at(-most);
      if (oldest !== undefined) wait = Math.max(wait, oldest + milliseconds - now);
    }
    if (wait > 0) return Math.ceil(wait);
    waiting.delete(id);
    turns.add(id);
    served.set(source, ++this.count);
    const longest = Math.max(0, ...windows.map(({ milliseconds }) => milliseconds));
    account.grants = [...grants.filter((at) => at > now - longest), now];
    return 0;
  }

  private first({ waiting, served }: Account, now: number): string | undefined {
    let found: { id: string; served: number } | undefined;
    for (const [id, { source, seen }] of waiting) {
      const last = served.get(source) ?? 0;
      if (now - seen > lives.waiter) waiting.delete(id);
      else if (!found || last < found.served) found = { id, served: last };
    }
    return found?.id;
  }

  private accountOf(key: string): Account {
    const known = this.accounts.get(key);
    if (known) return known;
    const account: Account = { grants: [], turns: new Set(), waiting: new Map(), served: new Map() };
    this.accounts.set(key, account);
    return account;
  }
}
