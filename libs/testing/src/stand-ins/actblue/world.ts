/** Who gave what and when: orders with their line items, recurring ones with their repetitions, refunds and cancellations, by Eastern date. */
import { chanceOf, dateOf, dayNumber, oneOf, seasonOf, wholeBetween, type Chance } from '../../market';
import { donorOf, donorPool, linkOf, type Committee, type Donor } from './donors';
import { easternDate, onEasternDate } from './eastern';

export interface Order {
  receiptId: string;
  donor: Donor;
  page: string;
  refcode: string;
  refcode2: string;
  period: 'once' | 'monthly';
  startedAt: number;
  /** Of a recurring order; null while it goes on. */
  cancelledAt: number | null;
  reason: string;
  mobile: boolean;
  expressLane: boolean;
  paypal: boolean;
  textOptIn: string;
  parts: readonly { committee: Committee; cents: number }[];
  /** Ids of its line items begin with this. */
  number: bigint;
}

/** What a committee got from one payment of an order. */
export interface LineItem {
  lineitemId: string;
  order: Order;
  committee: Committee;
  cents: number;
  paidAt: number;
  /** 1 for the first payment. */
  recurrence: number;
  refundedAt: number | null;
}

export interface WorldOptions {
  seed: string | number;
  /** 1 gives about 40 orders a day. */
  scale: number;
  committees: readonly [Committee, Committee];
}

const amounts = [500, 1000, 1500, 2500, 2700, 5000, 10_000, 25_000, 330_000] as const;
const reasons = ['donor_request', 'card_declined', 'expired_card'] as const;
const longestSeries = 12;
const latestRefund = 20;
const dayLength = 86_400_000;

/** Beyond what a double holds, as ids may be. */
const idBase = 9_007_199_254_740_993n;

/** The same day so many months earlier (later when negative); null where that month is too short. */
const monthsBefore = (date: string, months: number): string | null => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const at = new Date(Date.UTC(year, month - 1 - months, day));
  return at.getUTCDate() === day ? at.toISOString().slice(0, 10) : null;
};

interface Rolls {
  /** By Eastern date; `series` are the recurring ones among them. */
  orders: Map<string, Order[]>;
  series: Map<string, Order[]>;
}

const rollsOf = new Map<string, Rolls>();

const remembered = <T>(memory: Map<string, T>, name: string, make: () => T): T => {
  const made = memory.get(name) ?? make();
  memory.set(name, made);
  return made;
};

export class DonationWorld {
  private readonly chance: Chance;
  /** Rolled orders are the same for every world of these options, so they are rolled once in a process. */
  private readonly rolls: Rolls;
  private readonly paid = new Map<string, LineItem[]>();
  private readonly extraOrders: Order[] = [];
  private readonly refunds = new Map<string, { at: number; paidOn: string }>();
  private readonly cancellations = new Map<string, number>();
  private isEmpty = false;

  constructor(private readonly options: WorldOptions) {
    this.chance = chanceOf(options.seed);
    const { seed, scale, committees } = options;
    const name = [seed, scale, ...committees.map(({ entityId }) => entityId)].join(' ');
    this.rolls = rollsOf.get(name) ?? { orders: new Map(), series: new Map() };
    rollsOf.set(name, this.rolls);
  }

  /** Nobody gave anything, ever. */
  empty(): void {
    this.isEmpty = true;
    this.paid.clear();
  }

  /** An order that nobody rolled dice for; line items are numbered from its number on. */
  add(order: Partial<Order> & { startedAt: number }): Order {
    const count = this.extraOrders.length;
    const [committee] = this.options.committees;
    const whole: Order = {
      receiptId: `AB99000${count}`,
      donor: donorOf(donorPool + count, this.chance),
      page: 'sandbox-website',
      refcode: 'website_header',
      refcode2: '',
      period: 'once',
      cancelledAt: null,
      reason: '',
      mobile: false,
      expressLane: false,
      paypal: false,
      textOptIn: 'unknown',
      parts: [{ committee, cents: 2_500 }],
      number: idBase * 2n + BigInt(count) * 1_000n,
      ...order,
    };
    this.extraOrders.push(whole);
    this.paid.clear();
    return whole;
  }

  refund({ lineitemId, paidAt }: Pick<LineItem, 'lineitemId' | 'paidAt'>, at: number): void {
    this.refunds.set(lineitemId, { at, paidOn: easternDate(paidAt) });
    this.paid.clear();
  }

  cancel(receiptId: string, at: number): void {
    this.cancellations.set(receiptId, at);
    this.paid.clear();
  }

  paidOn(date: string): LineItem[] {
    if (this.isEmpty) return [];
    return remembered(this.paid, date, () => {
      const items = this.begunOn(date).flatMap((order) => this.itemsOf(order, 1, order.startedAt));
      for (let months = 1; months <= longestSeries; months++) {
        const start = monthsBefore(date, months);
        for (const order of start === null ? [] : this.seriesOf(start)) {
          const paidAt = this.againAt(order, date, months);
          const end = this.cancelledAt(order);
          if (end === null || paidAt < end) items.push(...this.itemsOf(order, months + 1, paidAt));
        }
      }
      return items;
    });
  }

  refundedOn(date: string): LineItem[] {
    const day = dayNumber(date);
    const days = new Set(Array.from({ length: latestRefund + 1 }, (_, age) => dateOf(day - age)));
    for (const { paidOn } of this.refunds.values()) days.add(paidOn);
    return [...days]
      .flatMap((paid) => this.paidOn(paid))
      .filter(({ refundedAt }) => refundedAt !== null && easternDate(refundedAt) === date);
  }

  /** Orders whose repetition ended on this date. */
  cancelledOn(date: string): { order: Order; at: number; completed: number }[] {
    if (this.isEmpty) return [];
    const day = dayNumber(date);
    const found: { order: Order; at: number; completed: number }[] = [];
    const noon = Date.parse(`${date}T17:00:00Z`);
    for (let age = 0; age <= 31 * longestSeries; age++) {
      for (const order of this.seriesOf(dateOf(day - age))) {
        const at = this.cancelledAt(order);
        if (at === null || Math.abs(at - noon) > dayLength || easternDate(at) !== date) continue;
        found.push({ order, at, completed: this.paymentsUntil(order, at) });
      }
    }
    return found;
  }

  private paymentsUntil(order: Order, end: number): number {
    const started = easternDate(order.startedAt);
    let count = 1;
    for (let months = 1; months <= longestSeries; months++) {
      const date = monthsBefore(started, -months);
      if (date !== null && this.againAt(order, date, months) < end) count += 1;
    }
    return count;
  }

  private againAt(order: Order, date: string, months: number): number {
    return onEasternDate(date, Math.floor(this.chance('again', order.receiptId, months) * 1380));
  }

  private cancelledAt(order: Order): number | null {
    return this.cancellations.get(order.receiptId) ?? order.cancelledAt;
  }

  private itemsOf(order: Order, recurrence: number, paidAt: number): LineItem[] {
    return order.parts.map(({ committee, cents }, part) => {
      const lineitemId = String(order.number + BigInt(recurrence * 10 + part));
      return {
        lineitemId,
        order,
        committee,
        cents,
        paidAt,
        recurrence,
        refundedAt: this.refunds.get(lineitemId)?.at ?? this.refundOf(lineitemId, paidAt),
      };
    });
  }

  private refundOf(lineitemId: string, paidAt: number): number | null {
    if (this.chance('refund', lineitemId) > 0.02) return null;
    const days = wholeBetween(this.chance('refund after', lineitemId), 0, latestRefund - 1);
    return paidAt + days * dayLength + 7_200_000;
  }

  private begunOn(date: string): Order[] {
    const rolled = remembered(this.rolls.orders, date, () =>
      Array.from({ length: this.ordersOn(date) }, (_, number) => this.roll(date, number)),
    );
    return [...rolled, ...this.extraOn(date)];
  }

  private seriesOf(date: string): Order[] {
    const rolled = remembered(this.rolls.series, date, () =>
      Array.from({ length: this.ordersOn(date) }, (_, number) => number)
        .filter((number) => this.isMonthly(date, number))
        .map((number) => this.roll(date, number)),
    );
    return [...rolled, ...this.extraOn(date).filter(({ period }) => period === 'monthly')];
  }

  private extraOn(date: string): Order[] {
    return this.extraOrders.filter(({ startedAt }) => easternDate(startedAt) === date);
  }

  private ordersOn(date: string): number {
    return Math.round(40 * this.options.scale * seasonOf(date, this.chance));
  }

  private isMonthly(date: string, number: number): boolean {
    return this.chance('order', date, number, 'recurring') < 0.12;
  }

  private roll(date: string, number: number): Order {
    const pick = (what: string): number => this.chance('order', date, number, what);
    const [first, second] = this.options.committees;
    const startedAt = onEasternDate(date, Math.floor(pick('minute') * 1380));
    const cents = oneOf(pick('amount') ** 2, amounts) + (pick('odd') < 0.1 ? 33 : 0);
    const isMonthly = this.isMonthly(date, number);
    const ends = pick('ends') < 0.6;
    const lasted = wholeBetween(pick('lasted'), 5, 300) * dayLength;
    const link = linkOf(pick('link'));
    const isSplit = pick('split') < 0.15;
    const serial = BigInt(dayNumber(date)) * 100_000n + BigInt(number);
    return {
      receiptId: `AB${serial}`,
      donor: donorOf(Math.floor(pick('donor') ** 2 * donorPool), this.chance),
      page: link.page,
      refcode: link.refcode,
      refcode2: link.refcode2,
      period: isMonthly ? 'monthly' : 'once',
      startedAt,
      cancelledAt: isMonthly && ends ? startedAt + lasted : null,
      reason: oneOf(pick('reason'), reasons),
      mobile: pick('mobile') < 0.6,
      expressLane: pick('express') < 0.3,
      paypal: pick('paypal') < 0.1,
      textOptIn: pick('text') < 0.4 ? 'opt_in' : 'unknown',
      parts: isSplit
        ? [
            { committee: first, cents },
            { committee: second, cents: Math.ceil(cents / 2) },
          ]
        : [{ committee: pick('committee') < 0.75 ? first : second, cents }],
      number: idBase + serial * 1_000n,
    };
  }
}
