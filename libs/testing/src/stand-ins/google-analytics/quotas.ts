/** The quotas of a property: tokens by day and hour, and requests of three kinds, by the vendor's clock. */
import { localDate } from '../../market';
import { refuseAsGoogle } from '../google-identity';

export const standardQuotas = {
  tokensPerDay: 200_000,
  tokensPerHour: 40_000,
  tokensPerProjectPerHour: 14_000,
  concurrentRequests: 10,
  serverErrorsPerProjectPerHour: 10,
  potentiallyThresholdedRequestsPerHour: 120,
};

export type QuotaName = keyof typeof standardQuotas;
export type QuotaSizes = Record<QuotaName, number>;

const messages: QuotaSizesOf<string> = {
  tokensPerDay:
    'Exhausted property tokens per day. These quota tokens will return in under 24 hours. To learn more, see https://developers.google.com/analytics/devguides/reporting/data/v1/quotas',
  tokensPerHour:
    'Exhausted property tokens per hour. These quota tokens will return in under an hour. To learn more, see https://developers.google.com/analytics/devguides/reporting/data/v1/quotas',
  tokensPerProjectPerHour:
    'Exhausted property tokens for a project per hour. These quota tokens will return in under an hour. To learn more, see https://developers.google.com/analytics/devguides/reporting/data/v1/quotas',
  concurrentRequests: 'Exhausted concurrent requests quota. Please try again later.',
  serverErrorsPerProjectPerHour: 'Exhausted server errors quota. Please try again later.',
  potentiallyThresholdedRequestsPerHour:
    'Exhausted potentially thresholded requests quota. Please try again later.',
};
type QuotaSizesOf<T> = Record<QuotaName, T>;

const hour = 3_600_000;

/** Days begin at midnight in California, hours with the clock. */
const periodOf = (name: QuotaName, now: Date): string => {
  if (name === 'concurrentRequests') return '';
  if (name === 'tokensPerDay') return localDate(now, 'America/Los_Angeles');
  return String(Math.floor(now.getTime() / hour));
};

export class PropertyQuotas {
  private readonly used = new Map<QuotaName, { period: string; amount: number }>();

  constructor(
    private readonly sizes: QuotaSizes,
    private readonly now: () => Date,
  ) {}

  /** Refuses with 429 and Google's words when one of them is used up; the request then costs nothing. */
  check(names: readonly QuotaName[]): void {
    const exhausted = names.find((name) => this.consumed(name) >= this.sizes[name]);
    if (exhausted) refuseAsGoogle('RESOURCE_EXHAUSTED', messages[exhausted]);
  }

  /** A negative amount gives back. */
  use(name: QuotaName, amount: number): void {
    this.used.set(name, {
      period: periodOf(name, this.now()),
      amount: Math.max(0, this.consumed(name) + amount),
    });
  }

  /** Until its period ends. */
  exhaust(name: QuotaName): void {
    this.use(name, this.sizes[name] - this.consumed(name));
  }

  /** As `returnPropertyQuota` tells it. @param tokens what this request cost */
  state(tokens: number): QuotaSizesOf<{ consumed?: number; remaining: number }> {
    const status = (name: QuotaName): { consumed?: number; remaining: number } => ({
      ...(name.startsWith('tokens') && { consumed: tokens }),
      remaining: Math.max(0, this.sizes[name] - this.consumed(name)),
    });
    return {
      tokensPerDay: status('tokensPerDay'),
      tokensPerHour: status('tokensPerHour'),
      tokensPerProjectPerHour: status('tokensPerProjectPerHour'),
      concurrentRequests: status('concurrentRequests'),
      serverErrorsPerProjectPerHour: status('serverErrorsPerProjectPerHour'),
      potentiallyThresholdedRequestsPerHour: status('potentiallyThresholdedRequestsPerHour'),
    };
  }

  private consumed(name: QuotaName): number {
    const found = this.used.get(name);
    return found?.period === periodOf(name, this.now()) ? found.amount : 0;
  }
}
