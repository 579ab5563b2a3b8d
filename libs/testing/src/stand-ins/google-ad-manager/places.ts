/** Where readers are, and on what: the further dimensions of the sandbox's delivery. */

export interface City {
  region: string;
  metro: string;
  city: string;
  weight: number;
}

export interface Country {
  id: string;
  /** '' where Ad Manager could not tell. */
  code: string;
  name: string;
  weight: number;
  cities: readonly City[];
}

const city = (region: string, metro: string, name: string, weight: number): City => ({
  region,
  metro,
  city: name,
  weight,
});

export const countries: readonly Country[] = [
  {
    id: '2840',
    code: 'US',
    name: 'United States',
    weight: 61,
    cities: [
      city('New York', 'New York, NY', 'New York', 9),
      city('New York', 'Buffalo, NY', 'Rochester', 2),
      city('Minnesota', 'Rochester-Mason City-Austin, MN-IA', 'Rochester', 1),
      city('California', 'Los Angeles, CA', 'Los Angeles', 6),
      city('California', 'San Francisco-Oakland-San Jose, CA', 'San Jose', 3),
      city('Illinois', 'Chicago, IL', 'Chicago', 4),
      city('Texas', 'Houston, TX', 'Houston', 3),
      city('', '', '', 2),
    ],
  },
  {
    id: '2124',
    code: 'CA',
    name: 'Canada',
    weight: 11,
    cities: [
      city('Ontario', '', 'Toronto', 5),
      city('Quebec', '', 'Montreal', 3),
      city('British Columbia', '', 'Vancouver', 2),
    ],
  },
  {
    id: '2826',
    code: 'GB',
    name: 'United Kingdom',
    weight: 9,
    cities: [
      city('England', '', 'London', 6),
      city('England', '', 'Manchester', 2),
      city('Scotland', '', 'Edinburgh', 1),
    ],
  },
  {
    id: '2276',
    code: 'DE',
    name: 'Germany',
    weight: 5,
    cities: [
      city('Berlin', '', 'Berlin', 3),
      city('Bavaria', '', 'Munich', 2),
      city('Hamburg', '', 'Hamburg', 2),
    ],
  },
  {
    id: '2250',
    code: 'FR',
    name: 'France',
    weight: 5,
    cities: [city('Île-de-France', '', 'Paris', 5), city('Auvergne-Rhône-Alpes', '', 'Lyon', 2)],
  },
  {
    id: '2076',
    code: 'BR',
    name: 'Brazil',
    weight: 4,
    cities: [city('State of São Paulo', '', 'São Paulo', 1)],
  },
  {
    id: '2356',
    code: 'IN',
    name: 'India',
    weight: 3,
    cities: [city('Maharashtra', '', 'Mumbai', 2), city('Karnataka', '', 'Bengaluru', 1)],
  },
  { id: '2392', code: 'JP', name: 'Japan', weight: 1.4, cities: [city('Tokyo', '', 'Minato City', 1)] },
  { id: '0', code: '', name: '(unknown)', weight: 0.6, cities: [city('', '', '', 1)] },
];

export const demandChannels: readonly [string, number][] = [
  ['Ad server', 4.1],
  ['Ad Exchange', 3.4],
  ['Open Bidding', 1.6],
  ['AdSense', 0.9],
];

export const devices: readonly [string, number][] = [
  ['Smartphones', 5.2],
  ['Desktop', 3.4],
  ['Tablets', 0.9],
  ['Connected TV', 0.5],
];

export const formatsOf = (adUnit: string): readonly [string, number][] =>
  adUnit.includes('video')
    ? [['In-stream video', 1]]
    : [
        ['Banner', 7],
        ['Native', 3],
      ];
