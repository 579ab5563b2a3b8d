/** Whether a sync that "succeeded" brought so few rows that its tables had better wait for a person (spec SY14). */
import { defaults } from '@freshet/contracts';

export interface DayVolume {
  /** Rows that the source sent on that day. */
  received: number;
  /** It looked wrong and a person let it through. */
  released: boolean;
}

export type Suspicion =
  | { kind: 'nothing'; usual: number }
  /** `share` of the usual rows came. */
  | { kind: 'few'; usual: number; share: number };

const { days, share: leastShare, rows: leastRows } = defaults.sync.silentFailure;

const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle) - 1] ?? 0)) / 2;
};

/** What a person let through is normal from then on: what came before counts for no more than that. */
const norms = (earlier: readonly DayVolume[]): number[] => {
  let most = Infinity;
  return earlier.map(({ received, released }) => {
    const norm = Math.min(received, most);
    if (released) most = norm;
    return norm;
  });
};

/**
 * Compares with the last days of the same weekday, newest first. Fewer than four tell nothing yet.
 * @returns null when nothing looks wrong
 */
export const suspectVolume = (received: number, earlier: readonly DayVolume[]): Suspicion | null => {
  const last = norms(earlier.slice(0, days));
  if (last.length < days) return null;
  const usual = median(last);
  if (received === 0) return last.every((rows) => rows > 0) ? { kind: 'nothing', usual } : null;
  if (usual < leastRows || received >= leastShare * usual) return null;
  return { kind: 'few', usual, share: received / usual };
};

/** One sentence with the figures. @param weekday in English, e.g. "Monday" */
export const suspicionSentence = (
  { kind, usual }: Suspicion,
  { received, stream, weekday }: { received: number; stream: string; weekday: string },
): string => {
  const figure = (rows: number): string => Math.round(rows).toLocaleString('en');
  const came =
    kind === 'nothing' ? `No rows came for ${stream}` : `Only ${figure(received)} rows came for ${stream}`;
  return `${came}, where a ${weekday} usually brings about ${figure(usual)}. Its tables wait until you let them through.`;
};
