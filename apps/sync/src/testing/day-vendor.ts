/** A made-up vendor for specs: sales by days, changes by when they were made, a list; strict about what it is asked, and moody on demand. */
import { Refusal, startStandIn, type SeenRequest, type StandIn, type VendorRequest } from '@freshet/testing';

export interface Sale {
  id: string;
  day: string;
  /** ISO 8601 in UTC; when it happened, for the stream that is cut by moments. */
  at?: string;
  amount: string;
}

export interface Change {
  id: string;
  name: string;
  /** Numbers the changes in their order. */
  at: number;
}

export class DayVendor {
  sales: Sale[] = [];
  changes: Change[] = [];
  list: { name: string }[] = [];
  /** Rows of a page. */
  pageSize = 4;
  account = { name: 'Corner shop', timeZone: 'America/New_York', currency: 'USD' };
  /** Called before each answer; throws a Refusal to answer otherwise. */
  mood: (request: VendorRequest) => void | Promise<void> = () => undefined;

  private constructor(private server: StandIn | null = null) {}

  static async start(): Promise<DayVendor> {
    const vendor = new DayVendor();
    vendor.server = await startStandIn((request) => vendor.answer(request));
    return vendor;
  }

  get url(): string {
    return this.server?.url ?? '';
  }

  get requests(): SeenRequest[] {
    return this.server?.requests ?? [];
  }

  /** Days asked for, from the first to the last of each slice, in the order of the requests. */
  get slicesAsked(): string[] {
    const first = this.requests.filter(({ path, query }) => path === '/sales' && query.get('page') === '0');
    return first.map(({ query }) => `${query.get('from')} ${query.get('to')}`);
  }

  forget(): void {
    this.requests.length = 0;
    this.mood = () => undefined;
    this.pageSize = 4;
  }

  close(): Promise<void> {
    return this.server?.close() ?? Promise.resolve();
  }

  private async answer(request: VendorRequest) {
    await this.mood(request);
    return { status: 200, body: this.bodyFor(request) };
  }

  private bodyFor({ path, query }: VendorRequest): unknown {
    const page = Number(query.get('page'));
    const { pageSize } = this;
    const paged = <T>(rows: readonly T[]) => {
      const end = (page + 1) * pageSize;
      return {
        count: rows.length,
        rows: rows.slice(page * pageSize, end),
        next: end < rows.length ? page + 1 : null,
      };
    };
    const [from, to] = [query.get('from') ?? '', query.get('to') ?? ''];
    switch (path) {
      case '/account':
        return this.account;
      case '/sales':
        return paged(this.sales.filter(({ day }) => day >= from && day < to));
      case '/changes':
        return paged(this.changes.filter(({ at }) => at > Number(query.get('since'))));
      case '/list':
        return paged(this.list);
      default:
        throw refusal(404, 'no_such_thing');
    }
  }
}

export const refusal = (status: number, code: string, headers: Record<string, string> = {}): Refusal =>
  new Refusal({ status, body: { code }, headers });
