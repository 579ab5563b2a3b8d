/** Klaviyo's rate limits: so many requests a second (burst) and a minute (steady) for each endpoint, and a day for reports. */
import { refuse } from './errors';

export interface RateLimit {
  burst: number;
  steady: number;
  daily?: number;
}

/** Klaviyo's own sizes. */
export const limits = {
  XS: { burst: 1, steady: 15 },
  S: { burst: 3, steady: 60 },
  M: { burst: 10, steady: 150 },
  L: { burst: 75, steady: 750 },
  XL: { burst: 350, steady: 3_500 },
  reports: { burst: 1, steady: 2, daily: 225 },
} as const satisfies Record<string, RateLimit>;

const windows = [
  ['burst', 1_000],
  ['steady', 60_000],
  ['daily', 86_400_000],
] as const;

export interface RateLimiter {
  /** Counts a request; throws a refusal with status 429 when it is one too many. Gives the headers of the answer. */
  take(endpoint: string, limit: RateLimit): Record<string, string>;
  /** As if so many requests had been made just now. */
  use(endpoint: string, count: number): void;
}

/** @param enforced burst and steady limits; the daily one always holds */
export const rateLimiter = (now: () => Date, enforced: boolean): RateLimiter => {
  const taken = new Map<string, number[]>();
  return {
    use: (endpoint, count) => void taken.set(endpoint, new Array<number>(count).fill(now().getTime())),
    take(endpoint, limit) {
      const time = now().getTime();
      const times = (taken.get(endpoint) ?? []).filter((at) => at > time - 86_400_000);
      taken.set(endpoint, times);
      for (const [name, length] of windows) {
        const most = name === 'daily' ? limit.daily : limit[name];
        if (most === undefined || (name !== 'daily' && !enforced)) continue;
        const within = times.filter((at) => at > time - length);
        if (within.length < most) continue;
        const seconds = Math.max(1, Math.ceil(((within[0] ?? time) + length - time) / 1_000));
        const detail = `Request was throttled. Expected available in ${seconds} second${seconds === 1 ? '' : 's'}.`;
        throw refuse(429, detail, {}, { 'retry-after': String(seconds) });
      }
      times.push(time);
      const used = times.filter((at) => at > time - 60_000).length;
      return {
        'ratelimit-limit': `${limit.burst}, ${limit.burst};w=1, ${limit.steady};w=60`,
        'ratelimit-remaining': String(Math.max(0, limit.steady - used)),
        'ratelimit-reset': '60',
      };
    },
  };
};
