/** The sandbox's franchise sales: leads that move through stages, their opportunities, notes and appointments. */
import { chanceOf, dateOf, dayNumber, oneOf, wholeBetween, type Chance } from '../../market';

export interface Lead {
  /** Beyond what a double holds, for some. */
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  company: string;
  city: string;
  state: string;
  source: string;
  owner: string;
  createdAt: number;
  /** When each stage was reached, in order; the last one reached is the lead's. */
  stages: readonly { name: string; at: number }[];
  cents: number;
}

export interface Opportunity {
  id: string;
  lead: Lead;
  market: string;
  units: number;
  /** Initial franchise fee of all units, in cents. */
  feeCents: number;
  valueCents: number;
  createdAt: number;
}

export interface Note {
  id: string;
  at: number;
  author: string;
  content: string;
}

export interface Appointment {
  id: string;
  lead: Lead;
  type: string;
  /** When it was put into the calendar. */
  madeAt: number;
  at: number;
  description: string;
  isCancelled: boolean;
}

const day = 86_400_000;
const hour = 3_600_000;

/** Likely to be sold, in percent, by stage. */
export const likelyOf: Readonly<Record<string, number>> = {
  Qualified: 20,
  'Discovery Day': 45,
  Application: 70,
  Awarded: 100,
};

const path = ['New Lead', 'Contacted', 'Qualified', 'Discovery Day', 'Application', 'Awarded'] as const;
const ends = ['Not Qualified', 'Lost'] as const;
const sources = [
  'Franchise Portal',
  'Website',
  'Referral',
  'Broker Network',
  'Google Ads',
  'Trade Show',
] as const;
const owners = ['Dana Whitfield', 'Marco Silva', 'Jo Lindqvist'] as const;
const firstNames = [
  'Avery',
  'Bianca',
  'Carlos',
  'Denise',
  'Emil',
  'Farah',
  'Gus',
  'Hannah',
  'Ivan',
  'Jade',
  'Kofi',
  'Lena',
] as const;
const lastNames = [
  'Abbott',
  'Bauer',
  'Chen',
  'Duarte',
  'Ellis',
  'Farrow',
  'Gomez',
  'Hale',
  "D'Angelo",
  'Jung',
  'Kowalski',
  'Mbeki',
] as const;
const places: readonly [Place, ...Place[]] = [
  ['Dallas', 'TX'],
  ['Phoenix', 'AZ'],
  ['Raleigh', 'NC'],
  ['Omaha', 'NE'],
  ['Tampa', 'FL'],
  ['Boise', 'ID'],
];
type Place = readonly [city: string, state: string];
const notes = [
  'Left a voicemail, will try again on Thursday.',
  'Had a great call: "very interested", wants to see the FDD.',
  'Sent the brochure and the territory map.\nSpouse has questions about financing.',
  'Asked about liquid capital; has 250k, net worth to be confirmed.',
  'No show for the webinar; rescheduled.',
] as const;
const kinds = ['Call', 'Webinar', 'Discovery Day', 'Follow-up', 'Site Visit'] as const;

const idBase = 9_007_199_254_740_993n;

export class Crm {
  private readonly chance: Chance;
  private readonly all: Lead[];

  /** @param since first date of the history; 1 of `scale` gives about one lead a day */
  constructor(seed: string | number, since: string, daysKept: number, scale: number) {
    this.chance = chanceOf(seed);
    const first = dayNumber(since);
    this.all = Array.from({ length: daysKept }, (_, at) => dateOf(first + at)).flatMap((date) => {
      const count = Math.floor(
        scale * (0.4 + 1.4 * this.chance('leads', date)) + this.chance('rest', date) * 0.5,
      );
      return Array.from({ length: count }, (_, number) => this.roll(date, number));
    });
  }

  /** Oldest first. */
  leads(now: number): Lead[] {
    return this.all.filter(({ createdAt }) => createdAt <= now);
  }

  stageOf(lead: Lead, now: number): { name: string; at: number } {
    return lead.stages.findLast(({ at }) => at <= now) ?? { name: path[0], at: lead.createdAt };
  }

  opportunities(now: number): Opportunity[] {
    return this.leads(now).flatMap((lead) => {
      const since = lead.stages.find(({ name }) => name === 'Qualified')?.at;
      if (since === undefined || since > now) return [];
      const units = wholeBetween(this.chance('units', lead.id), 1, 5);
      const feeCents = units * 4_500_000;
      return [
        {
          id: String(idBase + BigInt(lead.id.slice(-9))),
          lead,
          market: `${lead.city}, ${lead.state}`,
          units,
          feeCents,
          valueCents: feeCents + units * wholeBetween(this.chance('value', lead.id), 5_000_000, 12_000_033),
          createdAt: since,
        },
      ];
    });
  }

  notesOf(lead: Lead, now: number): Note[] {
    const count = wholeBetween(this.chance('notes', lead.id), 0, 6);
    return Array.from({ length: count }, (_, number): Note => ({
      id: `${lead.id}${number}`,
      at: lead.createdAt + number * 3 * day + Math.floor(this.chance('note', lead.id, number) * 8) * hour,
      author: oneOf(this.chance('author', lead.id, number), owners),
      content: oneOf(this.chance('content', lead.id, number), notes),
    })).filter(({ at }) => at <= now);
  }

  /** Also those of the days to come. */
  appointments(now: number): Appointment[] {
    return this.leads(now).flatMap((lead) => {
      const count = wholeBetween(this.chance('appointments', lead.id), 0, 3);
      return Array.from({ length: count }, (_, number): Appointment => {
        const madeAt = lead.createdAt + number * 4 * day + hour;
        return {
          id: `7${lead.id.slice(-8)}${number}`,
          lead,
          type: oneOf(this.chance('kind', lead.id, number), kinds),
          madeAt,
          at: madeAt + wholeBetween(this.chance('ahead', lead.id, number), 1, 24) * day + 3 * hour,
          description: `${oneOf(this.chance('about', lead.id, number), notes).split('\n')[0] ?? ''}`,
          isCancelled: this.chance('cancelled', lead.id, number) < 0.1,
        };
      }).filter(({ madeAt }) => madeAt <= now);
    });
  }

  private roll(date: string, number: number): Lead {
    const pick = (what: string): number => this.chance('lead', date, number, what);
    const createdAt = Date.parse(`${date}T13:00:00Z`) + Math.floor(pick('minute') * 600) * 60_000;
    const [city, state] = oneOf(pick('place'), places);
    const [firstName, lastName] = [oneOf(pick('first'), firstNames), oneOf(pick('last'), lastNames)];
    const serial = dayNumber(date) * 100 + number;
    return {
      id: pick('long') < 0.3 ? String(idBase + BigInt(serial)) : String(100_000_000 + serial),
      firstName,
      lastName,
      email: `${firstName}.${lastName}.${serial}@example.com`.toLowerCase().replace("'", ''),
      phone: `(555) ${wholeBetween(pick('phone'), 100, 999)}-${wholeBetween(pick('line'), 1_000, 9_999)}`,
      company: pick('company') < 0.3 ? `${lastName} Holdings` : '',
      city,
      state,
      source: oneOf(pick('source'), sources),
      owner: oneOf(pick('owner'), owners),
      createdAt,
      stages: this.stages(createdAt, pick),
      cents: pick('sized') < 0.7 ? wholeBetween(pick('size'), 4, 25) * 1_000_000 + 50 : 0,
    };
  }

  private stages(createdAt: number, pick: (what: string) => number): Lead['stages'] {
    const reached = 1 + Math.floor(pick('reached') ** 1.6 * path.length);
    let at = createdAt;
    const stages = path.slice(0, reached).map((name, step) => {
      at += step === 0 ? 0 : wholeBetween(pick(`step ${step}`), 2, 14) * day;
      return { name: name as string, at };
    });
    if (reached < path.length && pick('ends') < 0.5)
      stages.push({ name: oneOf(pick('end'), ends), at: at + wholeBetween(pick('end after'), 5, 25) * day });
    return stages;
  }
}
