/** The people, committees, forms and links of the sandbox's fundraising. All of them are made up. */
import { oneOf, wholeBetween, type Chance } from '../../market';

export interface Donor {
  id: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  street: string;
  city: string;
  state: string;
  zip: string;
  occupation: string;
  employer: string;
}

export interface Committee {
  name: string;
  entityId: string;
  fecId: string;
}

export const ownCommittees: readonly [Committee, Committee] = [
  { name: 'Riverside Sandbox for Senate', entityId: '90210', fecId: 'C00900001' },
  { name: 'Riverside Sandbox Victory Fund', entityId: '90211', fecId: 'C00900002' },
];

/** Money for others that comes in by forms which the sandbox manages. */
export const partnerCommittees: readonly [Committee, Committee] = [
  { name: 'Sandbox Partners, PAC', entityId: '90400', fecId: 'C00900040' },
  { name: 'Sandbox "Lakes" Alliance', entityId: '90401', fecId: 'C00900041' },
];

const firstNames = [
  'Alma',
  'Ben',
  'Carla',
  'Dev',
  'Elena',
  'Frank',
  'Grace',
  'Hiro',
  'Ines',
  'Jonas',
  'Kira',
  'Luis',
  'Maya',
  'Noor',
  'Otis',
  'Priya',
] as const;
const lastNames = [
  'Adler',
  'Brooks',
  'Castillo',
  'Diaz',
  "O'Neill",
  'Fischer',
  'Grant',
  'Huang',
  'Ito',
  'Jensen',
  'Keller',
  'Lopez',
  'Murphy',
  'Novak',
  'Okafor',
  'Pérez',
] as const;
type Place = readonly [city: string, state: string, zip: string];
type Job = readonly [occupation: string, employer: string];

const places: readonly [Place, ...Place[]] = [
  ['Columbus', 'OH', '43004'],
  ['Boston', 'MA', '02108'],
  ['Austin', 'TX', '73301'],
  ['Denver', 'CO', '80202'],
  ['Newark', 'NJ', '07102'],
  ['Seattle', 'WA', '98101'],
  ['Brooklyn', 'NY', '11201'],
  ['Tampa', 'FL', '33602'],
];
const jobs: readonly [Job, ...Job[]] = [
  ['Teacher', 'City Schools'],
  ['Nurse', 'General Hospital'],
  ['Retired', 'Not Employed'],
  ['Engineer', 'Self'],
  ['Attorney', 'Bell, Hart & Low'],
  ['Writer', 'Self'],
];

export const donorPool = 700;

export const donorOf = (number: number, chance: Chance): Donor => {
  const pick = (what: string): number => chance('donor', number, what);
  const [firstName, lastName] = [oneOf(pick('first'), firstNames), oneOf(pick('last'), lastNames)];
  const [city, state, zip] = oneOf(pick('place'), places);
  const [occupation, employer] = oneOf(pick('job'), jobs);
  const mailbox = `${firstName}.${lastName}${number}`
    .toLowerCase()
    .normalize('NFD')
    .replace(/[^a-z0-9.]/g, '');
  return {
    id: String(7_000_000 + number),
    firstName,
    lastName,
    email: `${mailbox}@example.com`,
    phone: `555${String(1_000_000 + number)}`,
    street: `${wholeBetween(pick('street'), 1, 980)} Sandbox Ave, Apt ${wholeBetween(pick('flat'), 1, 40)}`,
    city,
    state,
    zip,
    occupation,
    employer,
  };
};

export interface Link {
  page: string;
  refcode: string;
  refcode2: string;
  /** How often it is followed, against the others. */
  weight: number;
}

/** Some ads name the campaign of the sandbox's Meta account, one its number, and an old one a campaign that is no more. */
export const links: readonly Link[] = [
  { page: 'sandbox-website', refcode: 'website_header', refcode2: '', weight: 5 },
  { page: 'sandbox-email', refcode: 'em_weekly_digest', refcode2: 'var_a', weight: 6 },
  { page: 'sandbox-email', refcode: 'em_end_of_month', refcode2: 'var_b', weight: 4 },
  { page: 'sandbox-sms', refcode: 'sms_rapid_response', refcode2: '', weight: 4 },
  { page: 'sandbox-sms', refcode: 'sms_deadline', refcode2: 'list_2', weight: 3 },
  { page: 'sandbox-ads', refcode: 'fb_prospecting_us', refcode2: 'video_a', weight: 3 },
  { page: 'sandbox-ads', refcode: 'fb_retargeting_us', refcode2: '', weight: 3 },
  { page: 'sandbox-ads', refcode: 'ig_holiday_gift_guide_us', refcode2: '', weight: 2 },
  { page: 'sandbox-ads', refcode: 'meta_120201000000000002', refcode2: '', weight: 1 },
  { page: 'sandbox-ads', refcode: 'fb_prospecting_video', refcode2: '', weight: 1 },
  { page: 'sandbox-ads', refcode: 'gads_brand_search', refcode2: '', weight: 2 },
  { page: 'sandbox-events', refcode: '', refcode2: '', weight: 1 },
];

export const linkOf = (chance: number): Link => {
  const total = links.reduce((sum, { weight }) => sum + weight, 0);
  let left = chance * total;
  return (
    links.find(({ weight }) => (left -= weight) < 0) ?? {
      page: 'sandbox-website',
      refcode: '',
      refcode2: '',
      weight: 1,
    }
  );
};
