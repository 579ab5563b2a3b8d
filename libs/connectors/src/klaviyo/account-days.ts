/** Days of the account's zone as moments, which is how Klaviyo takes ranges of time. */
import { DateTime } from 'luxon';
import type { Account, Slice } from '../kit/connector';

export interface Span {
  from: Date;
  /** Not included. */
  to: Date;
}

/** When a day (`YYYY-MM-DD`) begins there, also where clocks are changed at midnight. */
export const startOfDay = (date: string, timeZone: string): Date =>
  DateTime.fromISO(date, { zone: timeZone }).startOf('day').toJSDate();

export const zoneOf = (account: Account | null): string => account?.timeZone ?? 'UTC';

export const spanOf = ({ from = '', to = '' }: Slice, account: Account | null): Span => ({
  from: startOfDay(from, zoneOf(account)),
  to: startOfDay(to, zoneOf(account)),
});

/** Making one takes longer than a thousand uses of it. */
const formats = new Map<string, Intl.DateTimeFormat>();

/** The date (`YYYY-MM-DD`) that clocks in the zone show at that moment. */
export const dateAt = (moment: Date, timeZone: string): string => {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  return format.format(moment);
};
