import {
  chanceOf,
  datesBetween,
  localDate,
  Refusal,
  restated,
  startStandIn,
  type VendorAnswer,
  type VendorRequest,
} from '@freshet/testing';
import { describeConnector, type Days, type SuiteClock } from '../kit/conformance';
import { lemonadeConnector } from './lemonade-connector';

const timeZone = 'America/New_York';
const shop = { name: 'Sandbox Lemonade', timeZone, currency: 'USD' };
const chance = chanceOf('lemonade');
/** Beyond what a JavaScript number can tell apart. */
const firstId = 9_007_199_254_740_993n;
const begin = Date.parse('2026-02-01T00:00:00Z');

const refuse = (status: number, error: string): never => {
  throw new Refusal({ status, body: { error } });
};

interface Customer {
  id: string;
  name: string;
  tags: string[];
  updatedAt: string;
}

const customer = (place: number, updatedAt: Date): Customer => ({
  id: `c${place}`,
  name: `Customer ${place} since ${updatedAt.toISOString()}`,
  tags: place % 2 === 0 ? ['regular'] : [],
  updatedAt: updatedAt.toISOString(),
});

/** What the vendor has and does, as strict as it is: what it does not know it refuses. */
class Lemonade {
  isEmpty = false;
  isRevoked = false;
  hasFuture = false;
  /** Part of each page token. */
  epoch = 0;
  /** Several share a moment, so that pages end within one. */
  customers = Array.from({ length: 130 }, (_, place) =>
    customer(place, new Date(begin + Math.floor(place / 4) * 1_000)),
  );

  constructor(private readonly clock: SuiteClock) {}

  sales({ from, to }: Days) {
    const today = localDate(this.clock.now(), timeZone);
    const days = datesBetween(from, to).filter((day) => !this.isEmpty && (day <= today || this.hasFuture));
    return days.flatMap((day) =>
      Array.from({ length: Math.floor(120 * chance('sales', day)) }, (_, place) => ({
        id: String(firstId + BigInt(Date.parse(day) + place)),
        day,
        product: `Lemonade no. ${Math.floor(9 * chance('product', day, place))}`,
        cups: restated(100 * chance('cups', day, place), day, today, 3),
        amount: (100 * chance('amount', day, place)).toFixed(2),
      })),
    );
  }

  touch(): void {
    this.customers = this.customers.map((old, place) =>
      place % 7 === 0 ? customer(place, this.clock.now()) : old,
    );
  }

  addFuture(): void {
    this.hasFuture = true;
    const ahead = new Date(this.clock.now().getTime() + 400 * 86_400_000);
    this.customers.push(customer(this.customers.length, ahead));
  }

  answer({ path, query, headers }: VendorRequest): VendorAnswer {
    if (this.isRevoked || headers.authorization !== 'Key sesame') refuse(401, 'bad_key');
    if (query.get('shop') !== '7') refuse(404, 'no_such_shop');
    const known = ['shop', 'from', 'to', 'since', 'limit', 'page'];
    for (const name of query.keys()) if (!known.includes(name)) refuse(400, `unknown_${name}`);
    if (path === '/v1/shop') return { status: 200, body: shop };
    if (path === '/v1/sales') return this.salesPage(query);
    return path === '/v1/customers' ? this.customersPage(query) : refuse(404, 'no_such_path');
  }

  private salesPage(query: URLSearchParams): VendorAnswer {
    const all = this.sales({ from: query.get('from') ?? '', to: query.get('to') ?? '' });
    const { part, next } = this.page(all, query);
    return { status: 200, body: { count: all.length, sales: part, next } };
  }

  private customersPage(query: URLSearchParams): VendorAnswer {
    const since = query.get('since') ?? '';
    const all = (this.isEmpty ? [] : this.customers)
      .filter(({ updatedAt }) => updatedAt >= since)
      .sort((a, b) => (a.updatedAt < b.updatedAt ? -1 : 1));
    const { part, next } = this.page(all, query);
    return { status: 200, body: { customers: part, next } };
  }

  private page<T>(all: readonly T[], query: URLSearchParams): { part: T[]; next: string | null } {
    const limit = Number(query.get('limit'));
    if (!(limit >= 1 && limit <= 50)) refuse(400, 'bad_limit');
    const [epoch, start] = (query.get('page') || `${this.epoch}-0`).split('-').map(Number);
    if (epoch !== this.epoch) refuse(400, 'page_expired');
    const end = (start ?? 0) + limit;
    return { part: all.slice(start, end), next: end < all.length ? `${this.epoch}-${end}` : null };
  }
}

const startLemonade = async (clock: SuiteClock) => {
  const vendor = new Lemonade(clock);
  const { url, fail, recover, close } = await startStandIn((request) => vendor.answer(request), {
    now: clock.now,
    errorBody: (status) => ({ error: `fault_${status}` }),
  });
  const sales = (days: Days | null) => vendor.sales(days ?? { from: '', to: '' });
  const customers = () =>
    vendor.customers.map(({ updatedAt, ...rest }) => ({ ...rest, updated_at: updatedAt }));
  return {
    config: { shop: '7' },
    credentials: { key: 'sesame' },
    settings: { baseUrl: url },
    account: shop,
    streams: [
      { name: 'sales', truth: sales },
      { name: 'customers', truth: customers },
    ] as const,
    fail,
    recover,
    close,
    vendor,
  };
};

describeConnector('lemonade', {
  connector: lemonadeConnector,
  start: startLemonade,
  abilities: {
    empty: ({ vendor }) => void (vendor.isEmpty = true),
    revoke: ({ vendor }) => void (vendor.isRevoked = true),
    restore: ({ vendor }) => void (vendor.isRevoked = false),
    expirePages: ({ vendor }) => void (vendor.epoch += 1),
    restate: ({ vendor }) => vendor.touch(),
    addFutureRows: ({ vendor }) => vendor.addFuture(),
  },
});
