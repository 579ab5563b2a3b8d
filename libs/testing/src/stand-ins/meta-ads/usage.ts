/** How much of what Meta allows an ad account has used, as its headers tell, and the refusals when it was too much. */
import { refuseAsMeta } from '../meta-identity/graph-error';

/** Insights and the management of ads are counted apart. */
export type UseCase = 'ads_insights' | 'ads_management';

export interface Usage {
  /** Counts a request; refuses it while the account is throttled. Gives the headers of the answer. */
  take(account: string, useCase: UseCase): Record<string, string>;
  /** Refuses everything about any account for so many minutes. */
  throttle(minutes: number): void;
  /** What the headers say is used, in percent, until told otherwise. */
  pretend(percent: number, minutesToRegain: number): void;
}

/** Source: developers.facebook.com/docs/graph-api/overview/rate-limiting (business use cases). */
const codes: Readonly<Record<UseCase, number>> = { ads_insights: 80_000, ads_management: 80_004 };

const hour = 3_600_000;

export const usage = (now: () => Date, callsAnHour: number): Usage => {
  const calls = new Map<string, number[]>();
  let until = 0;
  let pretended: { percent: number; minutes: number } | null = null;

  const headers = (
    account: string,
    useCase: UseCase,
    percent: number,
    minutes: number,
  ): Record<string, string> => ({
    'x-business-use-case-usage': JSON.stringify({
      [account]: [
        {
          type: useCase,
          call_count: percent,
          total_cputime: Math.floor(percent * 0.6),
          total_time: Math.floor(percent * 0.7),
          estimated_time_to_regain_access: minutes,
          ads_api_access_tier: 'standard_access',
        },
      ],
    }),
    'x-fb-ads-insights-throttle': JSON.stringify({
      app_id_util_pct: 1,
      acc_id_util_pct: percent,
      ads_api_access_tier: 'standard_access',
    }),
    'x-ad-account-usage': JSON.stringify({
      acc_id_util_pct: percent,
      reset_time_duration: 0,
      ads_api_access_tier: 'standard_access',
    }),
  });

  return {
    throttle: (minutes) => void (until = now().getTime() + minutes * 60_000),
    pretend: (percent, minutes) => void (pretended = { percent, minutes }),
    take(account, useCase) {
      const time = now().getTime();
      const key = `${account} ${useCase}`;
      const recent = (calls.get(key) ?? []).filter((at) => at > time - hour);
      recent.push(time);
      calls.set(key, recent);
      const isFull = recent.length > callsAnHour;
      if (time < until || isFull) {
        const end = time < until ? until : (recent[0] ?? time) + hour;
        const minutes = Math.max(1, Math.ceil((end - time) / 60_000));
        throw refuseAsMeta({
          code: codes[useCase],
          subcode: 2_446_079,
          message:
            'There have been too many calls from this ad-account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.',
          headers: headers(account, useCase, 100, minutes),
        });
      }
      if (pretended) return headers(account, useCase, pretended.percent, pretended.minutes);
      return headers(account, useCase, Math.floor((recent.length * 100) / callsAnHour), 0);
    },
  };
};
