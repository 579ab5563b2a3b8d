/** How often a network may be asked: 2 requests a second, 250 new reports an hour. */
import { Refusal } from '../stand-in';
import { googleError } from '../google-identity';

export interface AdManagerQuotas {
  requestsPerSecond: number;
  reportsPerHour: number;
}

export const vendorQuotas: AdManagerQuotas = { requestsPerSecond: 2, reportsPerHour: 250 };

const exhausted = (message: string, reason: string, milliseconds: number): Refusal =>
  new Refusal(
    googleError('RESOURCE_EXHAUSTED', message, [
      {
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason,
        domain: 'admanager.googleapis.com',
        metadata: {},
      },
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${milliseconds / 1_000}s` },
    ]),
  );

export class Quota {
  private readonly asked = new Map<string, number[]>();
  private readonly created = new Map<string, number[]>();

  constructor(
    private readonly sizes: AdManagerQuotas,
    private readonly now: () => Date,
  ) {}

  request(network: string): void {
    const until = this.counted(this.asked, network, this.sizes.requestsPerSecond, 1_000);
    if (until !== null)
      throw exhausted('Quota exceeded: requests per second and network.', 'RATE_LIMIT_EXCEEDED', until);
  }

  newReport(network: string): void {
    const until = this.counted(this.created, network, this.sizes.reportsPerHour, 3_600_000);
    if (until !== null)
      throw exhausted('Quota exceeded: new reports per hour and network.', 'REPORT_QUOTA_EXCEEDED', until);
  }

  /** Counts one, or says in how many milliseconds there is room again. */
  private counted(log: Map<string, number[]>, key: string, most: number, window: number): number | null {
    const now = this.now().getTime();
    const recent = (log.get(key) ?? []).filter((time) => time > now - window);
    log.set(key, recent);
    if (recent.length < most) {
      recent.push(now);
      return null;
    }
    return (recent[0] ?? now) + window - now;
  }
}
