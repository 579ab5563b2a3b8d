/** The days of a slice as bounds of the column by which its rows are replaced. */
import type { Column } from '@freshet/contracts';
import type { SliceWindow } from '@freshet/warehouse';
import { DateTime } from 'luxon';

/** Half-open, `YYYY-MM-DD` in the account's zone. */
export interface Days {
  from: string;
  to: string;
}

/** The moment at which a day begins in a zone, where clocks may skip midnight. */
const startOf = (day: string, zone: string): string =>
  DateTime.fromISO(day, { zone }).startOf('day').toUTC().toISO() ?? `${day}T00:00:00Z`;

/** Days stay days in a date or text column and become instants in one of timestamps. */
export const windowOn = (
  column: string,
  { from, to }: Days,
  columns: readonly Column[],
  timeZone: string,
): SliceWindow =>
  columns.find(({ name }) => name === column)?.type === 'timestamp'
    ? { column, from: startOf(from, timeZone), to: startOf(to, timeZone) }
    : { column, from, to };
