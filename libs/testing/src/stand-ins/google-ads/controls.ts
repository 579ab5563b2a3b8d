/** What the sandbox can be told, besides the faults of every stand-in. */
import type { AdsCustomer } from './customers';

export interface GoogleAdsControls {
  /** From now on the grant behind every token counts as revoked (OAUTH_TOKEN_REVOKED), until `restoreGrant`. */
  revokeGrant(): void;
  restoreGrant(): void;
  /** The developer token is refused in this way; null: taken again. */
  refuseDeveloperToken(code: 'DEVELOPER_TOKEN_NOT_APPROVED' | 'DEVELOPER_TOKEN_PROHIBITED' | null): void;
  /** The account is deactivated, though lists still call it enabled (CUSTOMER_NOT_ENABLED). */
  deactivate(customerId: string): void;
  /** The account has no numbers at all. */
  empty(customerId: string): void;
  /** A day has no numbers, in any account. */
  emptyDay(date: string): void;
  /** Days after today have numbers too. */
  showFuture(): void;
  /** Page tokens given out so far have expired. */
  expirePageTokens(): void;
  /** Operations left for today (UTC); the tiers are 2,880 (Explorer) and 15,000 (Basic). */
  setOperationsLeft(operations: number): void;
  operationsLeft(): number;
  /** So many of the next requests meet RESOURCE_TEMPORARILY_EXHAUSTED. @param seconds of its retryDelay, null for none */
  throttle(times: number, seconds: number | null): void;
  /** The next search answers so, each once, though its status is 200. */
  nextSearch(...oddities: Oddity[]): void;
}

export type Oddity =
  /** `[{results}, {error}]`: part of the rows, then INTERNAL_ERROR. */
  | 'partial error'
  /** The JSON stops in the middle, and the length fits. */
  | 'cut JSON'
  /** Fewer rows than the total says. */
  | 'lost rows'
  /** An internal error of this kind instead of rows. */
  | 'TRANSIENT_ERROR'
  | 'DEADLINE_EXCEEDED';

export class ControlState implements GoogleAdsControls {
  revoked = false;
  developerTokenRefusal: 'DEVELOPER_TOKEN_NOT_APPROVED' | 'DEVELOPER_TOKEN_PROHIBITED' | null = null;
  future = false;
  /** Of page tokens. */
  generation = 0;
  private readonly deactivated = new Set<string>();
  private readonly emptied = new Set<string>();
  private readonly emptyDays = new Set<string>();
  private readonly throttled: (number | null)[] = [];
  private readonly oddities: Oddity[] = [];

  private operations: number;
  /** On which `operations` are counted. */
  private day: string;

  constructor(
    private readonly perDay: number,
    private readonly now: () => Date,
  ) {
    this.operations = perDay;
    this.day = this.today();
  }

  private today(): string {
    return this.now().toISOString().slice(0, 10);
  }

  revokeGrant(): void {
    this.revoked = true;
  }
  restoreGrant(): void {
    this.revoked = false;
  }
  refuseDeveloperToken(code: ControlState['developerTokenRefusal']): void {
    this.developerTokenRefusal = code;
  }
  deactivate(customerId: string): void {
    this.deactivated.add(customerId);
  }
  empty(customerId: string): void {
    this.emptied.add(customerId);
  }
  emptyDay(date: string): void {
    this.emptyDays.add(date);
  }
  showFuture(): void {
    this.future = true;
  }
  expirePageTokens(): void {
    this.generation += 1;
  }
  setOperationsLeft(operations: number): void {
    this.operations = operations;
  }
  operationsLeft(): number {
    return this.operations;
  }
  throttle(times: number, seconds: number | null): void {
    this.throttled.push(...Array.from({ length: times }, () => seconds));
  }
  nextSearch(...oddities: Oddity[]): void {
    this.oddities.push(...oddities);
  }

  isEnabled({ id, status }: AdsCustomer): boolean {
    return status === 'ENABLED' && !this.deactivated.has(id);
  }
  isEmpty(customerId: string, date: string): boolean {
    return this.emptied.has(customerId) || this.emptyDays.has(date);
  }
  /** Counts an operation; false when there is none left. */
  spend(): boolean {
    if (this.day !== this.today()) [this.day, this.operations] = [this.today(), this.perDay];
    if (this.operations <= 0) return false;
    this.operations -= 1;
    return true;
  }
  /** Seconds until operations are counted anew. */
  untilNextDay(): number {
    return Math.ceil((Date.parse(`${this.today()}T24:00:00Z`) - this.now().getTime()) / 1_000);
  }
  /** Seconds of the delay, null when none is told; undefined when nothing is throttled. */
  nextThrottle(): number | null | undefined {
    return this.throttled.shift();
  }
  nextOddity(): Oddity | undefined {
    return this.oddities.shift();
  }
}
