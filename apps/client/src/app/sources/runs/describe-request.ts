/** What a run was asked to do beyond reading what is new, in a few words. Pure. */
import type { SyncRequestBody } from '@freshet/contracts';

const day = new Intl.DateTimeFormat('en', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

/** `Nov 1 – 10, 2026`, `everything`, `from the archive`, `from the webhook`, `only traffic`; null for what is usual. */
export const describeRequest = ({ window, full, replay, hooks, streams }: SyncRequestBody): string | null => {
  const what = [
    ...(window ? [day.formatRange(new Date(window.from), new Date(window.to))] : []),
    ...(full ? ['everything'] : []),
    ...(replay ? ['from the archive'] : []),
    ...(hooks ? ['from the webhook'] : []),
    ...(streams && streams.length > 0 ? [`only ${streams.join(', ')}`] : []),
  ];
  return what.length > 0 ? what.join(', ') : null;
};
