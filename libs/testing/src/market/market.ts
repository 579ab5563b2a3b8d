/**
 * A seeded world of marketing data that every stand-in reads: the same seed gives the same numbers, at any time, in any order, without
 * storing a row. Like real vendors it restates the past: a day's numbers grow until they are as old as the vendor's window.
 */

/** 53 random bits as 0 ≤ x < 1, from the seed and what is asked about alone. */
export type Chance = (...about: (string | number)[]) => number;

/** Once, since globals are slow to reach within Jest. */
const { imul } = Math;

const mixed = (hash: number, text: string): number => {
  let h = hash;
  for (let i = 0; i < text.length; i++) h = imul(h ^ text.charCodeAt(i), 0x01000193);
  return h;
};

const finished = (hash: number): number => {
  let h = hash;
  h = imul(h ^ (h >>> 16), 0x85ebca6b);
  h = imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
};

export const chanceOf =
  (seed: string | number): Chance =>
  (...about) => {
    const text = `${seed}\u0000${about.join('\u0000')}`;
    const [high, low] = [finished(mixed(0x811c9dc5, text)), finished(mixed(0x01234567, text))];
    return (high * 2 ** 21 + (low >>> 11)) / 2 ** 53;
  };

/** One of several, all as likely. */
export const oneOf = <T>(chance: number, choices: readonly [T, ...T[]]): T =>
  choices[Math.floor(chance * choices.length)] ?? choices[0];

/** A whole number from `least` to `most`, both included. */
export const wholeBetween = (chance: number, least: number, most: number): number =>
  least + Math.floor(chance * (most - least + 1));

const dayLength = 86_400_000;

/** `YYYY-MM-DD` → days since 1970. */
export const dayNumber = (date: string): number => Math.floor(Date.parse(`${date}T00:00:00Z`) / dayLength);

export const dateOf = (day: number): string => new Date(day * dayLength).toISOString().slice(0, 10);

/** Each date from `from` (included) to `to` (excluded). */
export const datesBetween = (from: string, to: string): string[] => {
  const [first, end] = [dayNumber(from), dayNumber(to)];
  return Array.from({ length: Math.max(0, end - first) }, (_, place) => dateOf(first + place));
};

/** The date that a clock in this IANA zone shows. */
export const localDate = (now: Date, timeZone: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(
    now,
  );

/** How busy a day is against the mean: weekends are quiet, the year has its seasons, and no two days are the same. */
export const seasonOf = (date: string, chance: Chance): number => {
  const day = dayNumber(date);
  const weekday = [0.72, 1.08, 1.12, 1.1, 1.06, 1.0, 0.8][(day + 4) % 7] ?? 1;
  const year = 1 + 0.18 * Math.sin((2 * Math.PI * (day % 365)) / 365);
  return weekday * year * (0.85 + 0.3 * chance('season', date));
};

/**
 * The share of a day's final numbers that the vendor shows when that day is `age` days old: less than half while the day
 * goes on, then more each day, and all of it from `window` days on.
 */
export const maturityOf = (age: number, window: number): number => {
  if (age < 0) return 0;
  if (age >= window) return 1;
  return 1 - 0.6 * (1 - age / window) ** 2;
};

/** A day's number as the vendor shows it on `today`: its final value, less what has not been attributed yet. */
export const restated = (final: number, date: string, today: string, window: number): number =>
  Math.floor(final * maturityOf(dayNumber(today) - dayNumber(date), window));
