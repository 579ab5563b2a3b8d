/** What the sandbox account of Klaviyo holds besides events: from the seed and the clock alone, nothing is stored. */
import { oneOf, wholeBetween, type Chance } from '../../market';
import { flowNames, formNames, listNames, metricNames, people, places, templateNames } from './names';
import type { Resource } from './resource';

export const account = {
  id: 'SbxKlv',
  name: 'Alder & Oak (Sandbox)',
  timeZone: 'America/New_York',
  currency: 'USD',
} as const;

export interface World {
  seed: string;
  chance: Chance;
  /** The number of people in the account. */
  profileCount: number;
  /** Events of a usual day. */
  eventsADay: number;
  /** Days for which events are there. */
  historyDays: number;
  /** Nobody and nothing in the account. */
  isEmpty(): boolean;
  /** Days on which nothing happened. */
  isQuiet(date: string): boolean;
}

const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZabcdefghijkmnpqrstvwxyz';

/** A text of letters and digits that differs for whatever it is made from. */
export const idOf = (chance: Chance, length: number, ...about: (string | number)[]): string => {
  let id = '';
  for (let part = 0; id.length < length; part++) {
    // 50 of the 53 random bits make ten letters.
    let bits = Math.floor(chance('id', ...about, part) * 2 ** 50);
    for (let place = 0; place < 10; place++) {
      const digit = bits % 32;
      id += letters[digit] ?? '0';
      bits = (bits - digit) / 32;
    }
  }
  return id.slice(0, length);
};

/** To the second. */
export const iso = (time: number): string => new Date(Math.floor(time / 1_000) * 1_000).toISOString();

/** A moment of that day, UTC. */
const moment = (chance: Chance, day: number, ...about: (string | number)[]): number =>
  day * 86_400_000 + Math.floor(chance('moment', ...about) * 86_399) * 1_000;

export const metricId = (world: World, name: string): string => idOf(world.chance, 6, 'metric', name);

export const metrics = (world: World): Resource[] =>
  (world.isEmpty() ? [] : metricNames).map(([name, integration, category]) => ({
    type: 'metric',
    id: metricId(world, name),
    attributes: {
      name,
      created: '2022-03-14T15:09:26.000Z',
      updated: '2024-02-01T09:00:00.000Z',
      integration: {
        object: 'integration',
        id: idOf(world.chance, 6, integration),
        name: integration,
        category,
      },
    },
    hidden: { 'integration.name': integration, 'integration.category': category },
  }));

export const lists = (world: World): Resource[] =>
  (world.isEmpty() ? [] : listNames).map((name, place) => ({
    type: 'list',
    id: idOf(world.chance, 6, 'list', place),
    attributes: {
      name,
      created: iso(moment(world.chance, 19_000 + place * 31, 'list', place)),
      updated: iso(moment(world.chance, 19_500 + place * 41, 'list', place)),
      opt_in_process: place % 3 === 0 ? 'double_opt_in' : 'single_opt_in',
    },
  }));

export const flowId = (world: World, place: number): string => idOf(world.chance, 6, 'flow', place);

export const flows = (world: World): Resource[] =>
  (world.isEmpty() ? [] : flowNames).map(([name, trigger, status], place) => ({
    type: 'flow',
    id: flowId(world, place),
    attributes: {
      name,
      status,
      archived: status === 'draft' && place % 2 === 1,
      created: iso(moment(world.chance, 19_100 + place * 23, 'flow', place)),
      updated: iso(moment(world.chance, 19_800 + place * 17, 'flow', place)),
      trigger_type: trigger,
    },
  }));

export const forms = (world: World): Resource[] =>
  (world.isEmpty() ? [] : formNames).map((name, place) => ({
    type: 'form',
    id: idOf(world.chance, 6, 'form', place),
    attributes: {
      name,
      status: place % 4 === 3 ? 'draft' : 'live',
      ab_test: place % 5 === 0,
      created_at: iso(moment(world.chance, 19_300 + place * 47, 'form', place)),
      updated_at: iso(moment(world.chance, 19_900 + place * 13, 'form', place)),
    },
  }));

/** Templates are edited again and again: the last edit is never in the future. */
export const templates = (world: World, now: Date): Resource[] =>
  (world.isEmpty() ? [] : templateNames).flatMap((kind, place) =>
    Array.from({ length: 4 }, (_, version): Resource => {
      const created = moment(world.chance, 19_700 + place * 29 + version * 60, 'template', place, version);
      const every = wholeBetween(world.chance('edits', place, version), 9, 70) * 86_400_000;
      const edits = Math.max(0, Math.floor((now.getTime() - created) / every));
      const name = `${kind} v${version + 1}`;
      return {
        type: 'template',
        id: idOf(world.chance, 6, 'template', place, version),
        attributes: {
          name,
          editor_type: version % 2 === 0 ? 'SYSTEM_DRAGGABLE' : 'CODE',
          html: `<html><body><h1>${name}</h1><p>{{ first_name|default:'there' }}, here is what is new.</p></body></html>`,
          text: `${name}: here is what is new.`,
          amp: null,
          created: iso(created),
          updated: iso(created + edits * every),
        },
      };
    }),
  );

export const profileId = (world: World, place: number): string =>
  `01${String(place).padStart(7, '0')}${idOf(world.chance, 17, 'profile', place).toUpperCase()}`;

const profileAt = (world: World, place: number, now: number): Resource | null => {
  const { chance } = world;
  const created = moment(chance, 20_250 + Math.floor((place / world.profileCount) * 400), 'profile', place);
  if (created > now) return null;
  const every = wholeBetween(chance('visits', place), 5, 90) * 86_400_000;
  const visits = Math.floor((now - created) / every);
  const first = oneOf(chance('first', place), people.first);
  const last = oneOf(chance('last', place), people.last);
  const [city, region, zip] = oneOf(chance('city', place), places);
  const updated = iso(created + visits * every);
  return {
    type: 'profile',
    id: profileId(world, place),
    attributes: {
      email: `${first}.${last}.${place}@example.com`.toLowerCase(),
      phone_number: chance('phone', place) < 0.4 ? `+1555${String(1_000_000 + place)}` : null,
      // Beyond 2^53: a number would lose its last digits.
      external_id: String(9_007_199_254_740_993n + BigInt(place)),
      first_name: first,
      last_name: last,
      organization: null,
      locale: 'en-US',
      title: null,
      image: null,
      created: iso(created),
      updated,
      last_event_date: visits > 0 ? updated : null,
      location: {
        address1: null, address2: null, city, region, zip, country: 'United States',
        latitude: null, longitude: null, timezone: account.timeZone, ip: null,
      }, // prettier-ignore
      properties: { 'Accepts Marketing': chance('accepts', place) < 0.8, visits },
    },
  };
};

export const profiles = (world: World, now: Date): Resource[] =>
  Array.from({ length: world.isEmpty() ? 0 : world.profileCount }, (_, place) =>
    profileAt(world, place, now.getTime()),
  ).filter((profile): profile is Resource => profile !== null);
