/** ISO 8601 dates and timestamps, checked against the calendar and brought to one form. */

const datePattern = /^(\d{4})-(\d{2})-(\d{2})$/;
const timestampPattern =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?\s?(?:([zZ])|([+-])(\d{2}):?(\d{2})?)?$/;

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

/** `impossible` for what is written as a date but is none, such as 2024-02-30; `null` for what is no date at all. */
export const parseDate = (text: string): string | 'impossible' | null => {
  // Most text is no date, which its length shows faster than a pattern.
  const match = text.length === 10 ? datePattern.exec(text) : null;
  if (!match) return null;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const days = month === 2 && isLeap(year) ? 29 : (daysInMonth[month - 1] ?? 0);
  return year >= 1 && day >= 1 && day <= days ? text : 'impossible';
};

/**
 * `2024-03-01 10:00+02:00` → `2024-03-01T08:00:00Z`; digits below the second are kept; without a zone it is taken as UTC.
 * `impossible` and `null` as for dates.
 */
export const parseTimestamp = (text: string): string | 'impossible' | null => {
  const match = text.length > 10 ? timestampPattern.exec(text) : null;
  if (!match) return null;
  const [
    ,
    date = '',
    hours = '',
    minutes = '',
    seconds = '00',
    fraction = '',
    ,
    sign,
    zoneHours = '00',
    zoneMinutes = '00',
  ] = match;
  const isPossible =
    parseDate(date) === date &&
    Number(hours) < 24 &&
    Number(minutes) < 60 &&
    Number(seconds) < 60 &&
    Number(zoneHours) <= 15 &&
    Number(zoneMinutes) < 60;
  if (!isPossible) return 'impossible';
  const local = `${date}T${hours}:${minutes}:${seconds}`;
  if (sign === undefined) return `${local}${fraction}Z`;
  const offset = (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const utc = new Date(Date.parse(`${local}Z`) - offset).toISOString();
  // A shift over the edge of the calendar gives a year of another form.
  return /^\d{4}-/.test(utc) && !utc.startsWith('0000') ? `${utc.slice(0, 19)}${fraction}Z` : 'impossible';
};
