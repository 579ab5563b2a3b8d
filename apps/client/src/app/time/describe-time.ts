/** Times and durations in words. Pure: `now` is given. */

const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/** "just now", "4 min ago", "in 2 h", "3 days ago"; rounded down, so that it never claims more than has passed. */
export const relativeTime = (at: string | number | Date, now: number): string => {
  const distance = now - new Date(at).getTime();
  const past = distance >= 0;
  const amount = Math.abs(distance);
  const told = (words: string): string => (past ? `${words} ago` : `in ${words}`);
  if (amount < 10 * second) return past ? 'just now' : 'in a moment';
  if (amount < minute) return told(`${Math.floor(amount / second)} s`);
  if (amount < hour) return told(`${Math.floor(amount / minute)} min`);
  if (amount < day) return told(`${Math.floor(amount / hour)} h`);
  const days = Math.floor(amount / day);
  if (days < 60) return told(days === 1 ? '1 day' : `${days} days`);
  const months = Math.floor(days / 30.44);
  if (months < 24) return told(`${months} months`);
  return told(`${Math.floor(days / 365.25)} years`);
};

/** "21 Nov 2026, 14:02:11 GMT+1" in the person's own zone, or the one given. */
export const exactTime = (at: string | number | Date, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(new Date(at));

/** "14:02 CET" in the person's own zone, or the one given. */
export const clockTime = (at: string | number | Date, timeZone?: string): string =>
  new Intl.DateTimeFormat('en-GB', {
    hour: '2-digit',
    minute: '2-digit',
    timeZone,
    timeZoneName: 'short',
  }).format(new Date(at));

/** Milliseconds as "0.8 s", "0:14", "1:02:03": short ones to the tenth, longer ones as on a stopwatch. */
export const duration = (milliseconds: number): string => {
  const ms = Math.max(0, milliseconds);
  if (ms < 10 * second) return `${(ms / second).toFixed(1)} s`;
  const total = Math.floor(ms / second);
  const [h, m, s] = [Math.floor(total / 3_600), Math.floor((total % 3_600) / 60), total % 60];
  const two = (n: number): string => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
};
