/** What happened on a property on one day, counted by any dimensions, as the vendor shows it on another day. */
import { chanceOf, localDate, maturityOf, restated, seasonOf, dayNumber, type Chance } from '../../market';
import {
  countlessEvent,
  countlessMany,
  facetOf,
  facets,
  type Facet,
  type FacetName,
  type FacetValue,
} from './facets';
import { addTo, nothing, type Counts } from './metrics';
import type { AnalyticsProperty } from './properties';

/** Numbers of a day are still growing for so many days. */
export const restatedDays = 3;

const isYoung = (date: string, today: string): boolean => {
  const age = dayNumber(today) - dayNumber(date);
  return age >= 0 && age <= restatedDays;
};

export interface World {
  seed: string | number;
  /** How many pages there are, as a multiple of sixty; sessions grow with it, so that all of them are seen. */
  scale: number;
  /** When the vendor corrected the past on top of what it usually does: the days that were young then have other numbers since. */
  corrections: readonly Date[];
  /** Visitors whose clocks are ahead: there are days later than today. */
  hasFuture: boolean;
}

export interface DayCell {
  /** Values of the asked dimensions, without `date`, in their order. */
  values: string[];
  counts: Counts;
}

interface Combination {
  parts: readonly FacetValue[];
  values: readonly string[];
}

const product = (lists: readonly (readonly FacetValue[])[]): FacetValue[][] =>
  lists.reduce<FacetValue[][]>(
    (sofar, list) => sofar.flatMap((parts) => list.map((part) => [...parts, part])),
    [[]],
  );

/** More from home, fewer from elsewhere, as many in all. */
const nearHome = (places: readonly FacetValue[], home: string): FacetValue[] => {
  const sum = (values: readonly FacetValue[]): number => values.reduce((all, { weight }) => all + weight, 0);
  const drawn = places.map((place) => ({
    ...place,
    weight: place.weight * (place.values[0] === home ? 6 : 1),
  }));
  const factor = sum(places) / sum(drawn);
  return drawn.map((place) => ({ ...place, weight: place.weight * factor }));
};

const valuesOf = (
  name: FacetName,
  { kind, home }: AnalyticsProperty,
  scale: number,
): readonly FacetValue[] => {
  const facet: Facet = facets[name];
  const values = facet.values(scale);
  if (name === 'place') return nearHome(values, home);
  return name === 'event' && kind === 'telemetry' ? [...values, countlessEvent] : values;
};

const combinations = (
  property: AnalyticsProperty,
  dimensions: readonly string[],
  scale: number,
): Combination[] => {
  const names = [...new Set(dimensions.map(facetOf).filter((name) => name !== null))];
  const places = dimensions.map((dimension) => {
    const facet = names.findIndex((name) => (facets[name] as Facet).dimensions.includes(dimension));
    const name = names[facet];
    return { facet, at: name ? (facets[name] as Facet).dimensions.indexOf(dimension) : -1 };
  });
  return product(names.map((name) => valuesOf(name, property, scale))).map((parts) => ({
    parts,
    values: places.map(({ facet, at }) => parts[facet]?.values[at] ?? ''),
  }));
};

/** A few visits more or less than expected; rare ones are on some days not there at all. */
const rounded = (expected: number, chance: number): number => Math.floor(expected + chance);

const countsOf = (
  { parts }: Combination,
  day: { chance: Chance; date: string; today: string; sessions: number; corrections: number },
): Counts | null => {
  const { chance, date, today } = day;
  const names = parts.flatMap(({ values }) => values);
  const luck = (about: string): number => chance(about, date, day.corrections, ...names);
  const weight = parts.reduce((share, part) => share * part.weight, 1);
  const quality = parts.reduce((all, part) => all * (part.quality ?? 1), 1);
  const eventsEach = parts.reduce((all, part) => all * (part.eventsEach ?? 1), 1);
  const isOfEvent = parts.some((part) => part.eventsEach !== undefined);
  const isCountless = parts.includes(countlessEvent);
  const now = (final: number): number => restated(final, date, today, restatedDays);

  let final = rounded(day.sessions * weight * (0.8 + 0.4 * luck('sessions')), luck('rare'));
  if (parts.some(({ whileYoung }) => whileYoung)) {
    final = Math.floor(final * (1 - maturityOf(dayNumber(today) - dayNumber(date), restatedDays)));
    if (final === 0) return null;
  }
  const sessions = now(final);
  if (sessions === 0) return null;
  const users = now(Math.max(1, Math.round(final * (0.78 + 0.15 * luck('users')))));
  const engaged = now(
    Math.round(final * Math.min(0.95, (0.5 + 0.15 * luck('engaged')) * Math.sqrt(quality))),
  );
  const views = now(Math.round(final * (2.1 + 1.6 * luck('views')) * Math.sqrt(quality)));
  const isPurchase = parts.some(({ values }) => values[0] === 'purchase');
  const purchases = isOfEvent
    ? isPurchase
      ? final
      : 0
    : rounded(final * 0.024 * quality, luck('key events'));
  const keyEvents = now(purchases);
  const each = isOfEvent ? eventsEach * (0.9 + 0.2 * luck('events')) : 8 + 3 * luck('events');
  const events = BigInt(now(Math.round(final * each)));
  return {
    sessions,
    engagedSessions: Math.min(sessions, engaged),
    totalUsers: users,
    newUsers: Math.min(users, now(Math.round(final * (0.35 + 0.25 * luck('new'))))),
    screenPageViews: views,
    eventCount: isCountless ? countlessMany + 2n * events : events,
    keyEvents,
    revenue: keyEvents * (3_900 + Math.floor(9_000 * luck('basket'))),
    engagement: Math.round(engaged * (45 + 60 * luck('engagement'))),
    duration: Math.round(sessions * (60 + 120 * luck('duration')) * Math.sqrt(quality)),
    items: keyEvents * 2,
  };
};

/**
 * @param dimensions without `date`
 * @param today the day that the property's clock shows; later days have nothing
 */
export const dayCells = (
  world: World,
  property: AnalyticsProperty,
  dimensions: readonly string[],
  date: string,
  today: string,
): DayCell[] => {
  if (property.sessionsPerDay === 0 || (date > today && !world.hasFuture)) return [];
  const chance = chanceOf(`${world.seed} analytics ${property.id}`);
  const sessions = property.sessionsPerDay * Math.max(1, world.scale) * seasonOf(date, chance);
  const corrections = world.corrections.filter((at) =>
    isYoung(date, localDate(at, property.timeZone)),
  ).length;
  const seenOn = date > today ? date : today;
  const day = { chance, date, today: seenOn, sessions, corrections };
  const cells = new Map<string, DayCell>();
  for (const combination of combinations(property, dimensions, world.scale)) {
    const counts = countsOf(combination, day);
    if (!counts) continue;
    const values = [...combination.values];
    const key = values.join('\u0000');
    const cell = cells.get(key) ?? { values, counts: nothing() };
    addTo(cell.counts, counts);
    cells.set(key, cell);
  }
  return [...cells.values()];
};
