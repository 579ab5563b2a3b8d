/** How much of what Meta allows has been used, as told by the headers of its answers, and when to wait because of it. */

type Headers = Record<string, string | undefined>;

const parsed = (text: string | undefined): unknown => {
  try {
    return text === undefined ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
};

const largest = (values: readonly unknown[]): number =>
  Math.max(0, ...values.filter((value) => typeof value === 'number'));

/** Each account's use cases, from `x-business-use-case-usage: {"<account>": [{"type", "call_count", …}]}`. */
const useCases = (headers: Headers): Record<string, unknown>[] =>
  Object.values(parsed(headers['x-business-use-case-usage']) ?? {}).flatMap((cases) =>
    Array.isArray(cases) ? (cases as Record<string, unknown>[]) : [],
  );

/** Minutes until we may ask again; 0 while we may. */
export const minutesToRegain = (headers: Headers): number =>
  largest(useCases(headers).map((useCase) => useCase['estimated_time_to_regain_access']));

/** Percent of what the account may use: its calls, and what insights cost. */
export const percentUsed = (headers: Headers): number => {
  const throttle = (parsed(headers['x-fb-ads-insights-throttle']) ?? {}) as Record<string, unknown>;
  const counted = useCases(headers).flatMap(({ call_count, total_cputime, total_time }) => [
    call_count,
    total_cputime,
    total_time,
  ]);
  return largest([throttle['app_id_util_pct'], throttle['acc_id_util_pct'], ...counted]);
};

const almostAll = 90;
const pause = 5;

/** Minutes to wait before the next request: what Meta estimates, or some when almost all is used. */
export const minutesToWait = (headers: Headers): number =>
  minutesToRegain(headers) || (percentUsed(headers) >= almostAll ? pause : 0);
