/** Google's sign-in and Google Analytics, as the services are told where they are. */
import {
  sandboxAccounts,
  startGoogleAnalytics,
  startGoogleIdentity,
  type GoogleAnalytics,
  type GoogleIdentity,
} from '@freshet/testing';

export interface UsedGoogle {
  readonly identity: GoogleIdentity;
  readonly analytics: GoogleAnalytics;
  /** Who may see every property. */
  readonly account: string;
  /** For the services. */
  env(): Record<string, string>;
  /** The first days that reports were asked for, `YYYY-MM-DD`, from this request of Analytics on. */
  daysAsked(since: number): string[];
}

/** Call before `useFreshet`: starts before its services, ends after the last test. */
export const useGoogle = (): UsedGoogle => {
  let identity: GoogleIdentity | undefined;
  let analytics: GoogleAnalytics | undefined;
  const ready = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('Google is started in beforeAll: use it there or later.');
    return value;
  };

  beforeAll(async () => {
    identity = await startGoogleIdentity();
    analytics = await startGoogleAnalytics({ identity });
  });
  afterAll(() => Promise.all([analytics?.close(), identity?.close()]));

  return {
    get identity() {
      return ready(identity);
    },
    get analytics() {
      return ready(analytics);
    },
    account: sandboxAccounts.marketing.email,
    env: () => ({
      FRESHET_GOOGLE_OAUTH_URL: ready(identity).url,
      FRESHET_GOOGLE_CLIENT_ID: ready(identity).client.id,
      FRESHET_GOOGLE_CLIENT_SECRET: ready(identity).client.secret,
      FRESHET_GOOGLE_ANALYTICS_URL: ready(analytics).url,
    }),
    daysAsked: (since) =>
      ready(analytics)
        .requests.slice(since)
        .filter(({ path, status }) => path.endsWith(':runReport') && status === 200)
        .flatMap(({ body }) => (JSON.parse(body) as { dateRanges: { startDate: string }[] }).dateRanges)
        .map(({ startDate }) => startDate),
  };
};
