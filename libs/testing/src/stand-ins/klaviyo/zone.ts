/** When a day begins in a place. */

/** Making one takes long. */
const formats = new Map<string, Intl.DateTimeFormat>();

const formatOf = (timeZone: string): Intl.DateTimeFormat => {
  const format =
    formats.get(timeZone) ?? new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  formats.set(timeZone, format);
  return format;
};

/** Minutes that clocks in the zone are ahead of UTC at that moment. */
const offsetAt = (time: number, timeZone: string): number => {
  const parts = formatOf(timeZone).formatToParts(time);
  const name = parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d{2}):(\d{2})/.exec(name) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};

/** Epoch milliseconds of midnight. */
export const startOfDay = (date: string, timeZone: string): number => {
  const utc = Date.parse(`${date}T00:00:00Z`);
  const first = utc - offsetAt(utc, timeZone) * 60_000;
  return utc - offsetAt(first, timeZone) * 60_000;
};
