/** What the sandbox's networks delivered: requests per ad unit and day, split by channel, device or place so that every report has the same sums. */
import { chanceOf, dayNumber, restated, seasonOf, type Chance } from '../../market';
import type { AdUnit, SandboxNetwork } from './networks';
import { countries, demandChannels, devices, formatsOf } from './places';

export interface Numbers {
  adRequests: number;
  impressions: number;
  clicks: number;
  /** Millionths of the network's currency. */
  revenue: number;
  measurable: number;
  viewable: number;
}

/** One combination of dimension values, with what was delivered there. */
export interface Cell {
  date: string;
  adUnit?: AdUnit;
  channel?: string;
  device?: string;
  format?: string;
  countryId?: string;
  countryCode?: string;
  countryName?: string;
  region?: string;
  metro?: string;
  city?: string;
  numbers: Numbers;
}

export type Cube = 'channels' | 'devices' | 'places';

export interface World {
  network: SandboxNetwork;
  adUnits: readonly AdUnit[];
  seed: string | number;
  /** The date that a clock shows where the network is. */
  today: string;
  isEmpty: boolean;
  quietDays: ReadonlySet<string>;
}

/** Days after which a day's numbers stay. */
export const restatedDays = 3;

const none: Numbers = { adRequests: 0, impressions: 0, clicks: 0, revenue: 0, measurable: 0, viewable: 0 };
const names = Object.keys(none) as (keyof Numbers)[];

const mapped = (change: (name: keyof Numbers) => number): Numbers => {
  const numbers = { ...none };
  for (const name of names) numbers[name] = change(name);
  return numbers;
};

export const sum = (all: readonly Numbers[]): Numbers =>
  mapped((name) => all.reduce((total, numbers) => total + numbers[name], 0));

/** Whole parts that add up to the total; what rounding leaves goes to the heaviest. */
const splitNumber = (total: number, weights: readonly number[]): number[] => {
  const whole = weights.reduce((left, right) => left + right, 0);
  const parts = weights.map((weight) => (whole === 0 ? 0 : Math.floor((total * weight) / whole)));
  const heaviest = weights.indexOf(Math.max(...weights));
  const rest = total - parts.reduce((left, right) => left + right, 0);
  return parts.map((part, place) => (place === heaviest ? part + rest : part));
};

const split = (numbers: Numbers, weights: readonly number[]): Numbers[] => {
  const parts = new Map(names.map((name) => [name, splitNumber(numbers[name], weights)]));
  return weights.map((_, place) => mapped((name) => parts.get(name)?.[place] ?? 0));
};

const requestsOfADay = 42_000;

/** All of one ad unit's day, as Ad Manager shows it today. */
const ofAdUnit = (world: World, adUnit: AdUnit, date: string, chance: Chance): Numbers => {
  const { network, today } = world;
  const about = (what: string): number => chance(network.code, adUnit.id, date, what);
  const growth = 1 + 0.0004 * (dayNumber(date) - dayNumber('2026-01-01'));
  const busy = requestsOfADay * network.size * adUnit.weight * growth * seasonOf(date, chance);
  const adRequests = busy * (0.85 + 0.3 * about('requests'));
  const impressions = adRequests * (0.72 + 0.2 * about('fill'));
  const clicks = impressions * (0.0012 + 0.003 * about('clicks'));
  const revenue = impressions * adUnit.ecpm * 1_000 * (0.75 + 0.5 * about('price'));
  const measurable = impressions * 0.94;
  const viewable = measurable * (0.48 + 0.3 * about('viewable'));
  const final = { adRequests, impressions, clicks, revenue, measurable, viewable };
  return mapped((name) => restated(Math.floor(final[name]), date, today, restatedDays));
};

/** Invalid traffic is found later: then all that a channel had on that day is taken back. */
const wasTakenBack = (world: World, adUnit: AdUnit, date: string, chance: Chance): boolean =>
  dayNumber(world.today) - dayNumber(date) >= 2 &&
  chance(world.network.code, adUnit.id, date, 'invalid') < 0.04;

const weightsOf = (
  shares: readonly [string, number][],
  chance: Chance,
  ...about: (string | number)[]
): number[] => shares.map(([name, weight]) => weight * (0.7 + 0.6 * chance(...about, name)));

const byChannel = (world: World, adUnit: AdUnit, date: string, chance: Chance): Cell[] => {
  const weights = weightsOf(demandChannels, chance, adUnit.id, date);
  if (wasTakenBack(world, adUnit, date, chance)) weights[weights.length - 1] = 0;
  return split(ofAdUnit(world, adUnit, date, chance), weights).map((numbers, place) => ({
    date,
    adUnit,
    channel: demandChannels[place]?.[0] ?? '',
    numbers,
  }));
};

const byDevice = (world: World, adUnit: AdUnit, date: string, chance: Chance): Cell[] => {
  const formats = formatsOf(adUnit.name);
  const perDevice = split(ofAdUnit(world, adUnit, date, chance), weightsOf(devices, chance, adUnit.id, date));
  return perDevice.flatMap((ofDevice, place) => {
    const device = devices[place]?.[0] ?? '';
    return split(ofDevice, weightsOf(formats, chance, adUnit.id, date, device)).map((numbers, nth) => ({
      date,
      adUnit,
      device,
      format: formats[nth]?.[0] ?? '',
      numbers,
    }));
  });
};

const byPlace = (world: World, date: string, chance: Chance): Cell[] => {
  const day = sum(world.adUnits.map((adUnit) => ofAdUnit(world, adUnit, date, chance)));
  const shares = countries.map(({ name, weight }): [string, number] => [name, weight]);
  const perCountry = split(day, weightsOf(shares, chance, world.network.code, date));
  return countries.flatMap(({ id, code, name, cities }, place) => {
    const weights = cities.map(({ weight }, nth) => weight * (0.7 + 0.6 * chance(date, id, nth)));
    return split(perCountry[place] ?? none, weights).map((numbers, nth) => ({
      date,
      countryId: id,
      countryCode: code,
      countryName: name,
      region: cities[nth]?.region ?? '',
      metro: cities[nth]?.metro ?? '',
      city: cities[nth]?.city ?? '',
      numbers,
    }));
  });
};

/** Cells of these days in which anything happened. */
export const cellsOf = (world: World, cube: Cube, dates: readonly string[]): Cell[] => {
  if (world.isEmpty) return [];
  const chance = chanceOf(`ad-manager ${world.seed}`);
  const open = dates.filter((date) => !world.quietDays.has(date) && date <= world.today);
  const all = open.flatMap((date) => {
    if (cube === 'places') return byPlace(world, date, chance);
    const of = cube === 'channels' ? byChannel : byDevice;
    return world.adUnits.flatMap((adUnit) => of(world, adUnit, date, chance));
  });
  return all.filter(({ numbers }) => numbers.adRequests > 0);
};
