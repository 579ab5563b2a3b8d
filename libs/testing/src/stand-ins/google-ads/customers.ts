/** The sandbox's Google Ads accounts: a manager above another one and five clients, and one that nobody here may see. */

export interface AdsCustomer {
  /** Ten digits. */
  id: string;
  name: string;
  currency: string;
  timeZone: string;
  manager: boolean;
  status: 'ENABLED' | 'CANCELED';
  /** Hidden in the manager's own list. */
  hidden: boolean;
  /** The manager right above. */
  parent: string | null;
  /** E-mail addresses of those who were given access to this very account. */
  users: readonly string[];
  /** Countries its ads are shown in, by criterion ID (2000 + the ISO 3166 number). */
  countries: readonly [number, ...number[]];
}

const client = {
  manager: false,
  status: 'ENABLED',
  hidden: false,
  users: [],
  countries: [2840],
} as const;

export const sandboxCustomers = {
  manager: {
    ...client,
    id: '1002003001',
    name: 'Sandbox Outdoor Group',
    currency: 'USD',
    timeZone: 'America/New_York',
    manager: true,
    parent: null,
    users: ['marketing@sandbox.example'],
  },
  asia: {
    ...client,
    id: '1002003002',
    name: 'Sandbox Outdoor Asia',
    currency: 'USD',
    timeZone: 'Asia/Singapore',
    manager: true,
    parent: '1002003001',
  },
  us: {
    ...client,
    id: '2103004101',
    name: 'Sandbox Outdoor US',
    currency: 'USD',
    timeZone: 'America/Los_Angeles',
    parent: '1002003001',
    countries: [2840, 2124],
  },
  eu: {
    ...client,
    id: '2103004102',
    name: 'Sandbox Outdoor Europe',
    currency: 'EUR',
    timeZone: 'Europe/Berlin',
    parent: '1002003001',
    users: ['agency@sandbox.example'],
    countries: [2276, 2250, 2040, 2528],
  },
  indonesia: {
    ...client,
    id: '2103004103',
    name: 'Sandbox Outdoor Indonesia',
    currency: 'IDR',
    timeZone: 'Asia/Jakarta',
    parent: '1002003002',
    countries: [2360, 2702],
  },
  closed: {
    ...client,
    id: '2103004104',
    name: 'Sandbox Outdoor UK (closed)',
    currency: 'GBP',
    timeZone: 'Europe/London',
    status: 'CANCELED',
    parent: '1002003001',
    countries: [2826],
  },
  hidden: {
    ...client,
    id: '2103004105',
    name: 'Sandbox Outdoor Archive',
    currency: 'USD',
    timeZone: 'America/New_York',
    hidden: true,
    parent: '1002003001',
  },
  stranger: {
    ...client,
    id: '3204005201',
    name: 'Sandbox Somebody Else',
    currency: 'USD',
    timeZone: 'America/Chicago',
    parent: null,
  },
} as const satisfies Record<string, AdsCustomer>;

export const customers: readonly AdsCustomer[] = Object.values(sandboxCustomers);

export const findCustomer = (id: string): AdsCustomer | undefined =>
  customers.find((customer) => customer.id === id);

/** From the account itself up to the top. */
const lineOf = (customer: AdsCustomer): AdsCustomer[] => {
  const parent = customer.parent === null ? undefined : findCustomer(customer.parent);
  return parent ? [customer, ...lineOf(parent)] : [customer];
};

/** How many levels `customer` is below `top`; null when it is not below it. */
export const levelBelow = (top: AdsCustomer, customer: AdsCustomer): number | null => {
  const level = lineOf(customer).indexOf(top);
  return level < 0 ? null : level;
};

/** What listAccessibleCustomers gives: accounts with access of their own, not those below them. */
export const accessibleTo = (email: string): AdsCustomer[] =>
  customers.filter(({ users }) => users.includes(email));
