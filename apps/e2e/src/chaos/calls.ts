/** Calls of the API under chaos: each ends within a bound, and an error counts as a finding unless a fault explains it. */
import { setTimeout as moment } from 'node:timers/promises';
import type { ResponseOf, RouteName } from '@freshet/contracts';
import { ApiError, type ApiClient, type CallOptions } from '@freshet/sdk';
import type { Disturbances, Part } from './disturbances';
import type { Findings } from './findings';

/** Longer than any fault lasts. */
const patience = 45_000;
/** A caller may notice a death before the one who watches the processes does. */
const hearsay = 1_000;

export class Calls {
  constructor(
    private readonly api: ApiClient,
    private readonly disturbances: Disturbances,
    private readonly findings: Findings,
  ) {}

  /** Undefined when the call failed for a reason that is known. `parts` are those whose disturbance explains an error. */
  async try<N extends RouteName>(
    name: N,
    options: CallOptions<N>,
    parts: readonly Part[] = ['gateway', 'postgres', 'redis', 'locks'],
  ): Promise<ResponseOf<N> | undefined> {
    const from = Date.now();
    try {
      const answer = await this.within(name, options);
      this.findings.count(`calls answered`);
      return answer;
    } catch (error) {
      await this.judge(name, error, from, parts);
      return undefined;
    }
  }

  /** When nothing is disturbed any more: an error is thrown. */
  call<N extends RouteName>(name: N, options: CallOptions<N>): Promise<ResponseOf<N>> {
    return this.within(name, options);
  }

  private async within<N extends RouteName>(name: N, options: CallOptions<N>): Promise<ResponseOf<N>> {
    const stop = new AbortController();
    try {
      return await Promise.race([
        this.api.call(name, options),
        moment(patience, undefined, { signal: stop.signal }).then(() => {
          throw new Error(`${name} got no answer within ${patience / 1_000} s`);
        }),
      ]);
    } finally {
      stop.abort();
    }
  }

  private async judge(name: RouteName, error: unknown, from: number, parts: readonly Part[]): Promise<void> {
    if (error instanceof ApiError && error.status < 500) {
      this.findings.count(`calls refused ${name} ${error.status}`);
      return;
    }
    const what = error instanceof Error ? error.message : String(error);
    const to = Date.now();
    if (!this.disturbances.explain(from, to, parts)) await moment(hearsay);
    if (this.disturbances.explain(from, to + hearsay, parts)) this.findings.count('calls failed in a fault');
    else this.findings.add(`${name} failed although nothing was disturbed: ${what}`);
  }
}
