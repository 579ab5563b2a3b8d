/** Times that vendors write as a clock on the wall shows them, without an offset, as instants. */
import { IANAZone } from 'luxon';
import { parseTimestamp } from './calendar';

const dayLength = 86_400_000;
const wallPattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::(\d{2}))?(?:\.\d+)?$/;
/** Clocks change at quarters of an hour (UTC), so one answer holds for each: asking for a zone's offset is slow. */
const quarter = 15 * 60_000;
const mostRemembered = 20_000;

interface Clock {
  zone: IANAZone;
  /** Milliseconds east of UTC by quarter of an hour. */
  offsets: Map<number, number>;
}

const clocks = new Map<string, Clock>();

const clockOf = (timeZone: string): Clock => {
  const known = clocks.get(timeZone) ?? { zone: IANAZone.create(timeZone), offsets: new Map() };
  clocks.set(timeZone, known);
  return known;
};

const offsetAt = ({ zone, offsets }: Clock, at: number): number => {
  const begin = Math.floor(at / quarter);
  const known = offsets.get(begin);
  if (known !== undefined) return known;
  if (offsets.size >= mostRemembered) offsets.clear();
  const offset = zone.offset(begin * quarter) * 60_000;
  offsets.set(begin, offset);
  return offset;
};

const written = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

/**
 * `2026-07-01 09:30:00` in a zone → `2026-07-01T13:30:00Z`; fractions of a second are dropped.
 * The hour that comes twice when clocks are put back is taken for its first pass (still summer time), and a time that was skipped when they
 * were put forward is read by the clock before the change. What has an offset is brought to the same form, by the same rule, so that a
 * vendor's two ways of writing one moment agree. Null for what is no time.
 */
export const wallClockToUtc = (text: string, timeZone: string): string | null => {
  const clock = clockOf(timeZone);
  const local = (at: number): number => at + offsetAt(clock, at);
  const wall = wallPattern.exec(text.trim());
  if (!wall) {
    const instant = parseTimestamp(text.trim());
    if (instant === null || instant === 'impossible') return null;
    const at = Math.floor(Date.parse(instant) / 1_000) * 1_000;
    return wallClockToUtc(written(local(at)).replace('Z', ''), timeZone);
  }
  const [, date = '', time = '', seconds = '00'] = wall;
  const shown = parseTimestamp(`${date}T${time}:${seconds}Z`);
  if (shown === null || shown === 'impossible') return null;
  const at = Date.parse(shown);
  const before = at - offsetAt(clock, at - dayLength);
  const after = at - offsetAt(clock, at + dayLength);
  const [first, second] = before < after ? [before, after] : [after, before];
  if (local(first) === at) return written(first);
  return written(local(second) === at ? second : before);
};

/** The date that a wall clock in this zone shows at an instant as `wallClockToUtc` writes it. */
export const wallDate = (instant: string, timeZone: string): string => {
  const at = Date.parse(instant);
  return written(at + offsetAt(clockOf(timeZone), at)).slice(0, 10);
};
