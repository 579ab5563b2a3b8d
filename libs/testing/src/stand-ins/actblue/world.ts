/** Who gave what and when: orders with their line items, recurring ones with their repetitions, refunds and cancellations, by Eastern date. */
import { dateOf, dayNumber, wholeBetween } from '../../market';
import type { Committee } from './donors';
import { easternDate, onEasternDate } from './eastern';
import { Orders, remembered, type Order, type WorldOptions } from './orders';

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

const longestSeries = 12;
const latestRefund = 20;
const dayLength = 86_400_000;

/** The same day so many months earlier (later when negative); null where that month is too short. */
const monthsBefore = (date: string, months: number): string | null => {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const at = new Date(Date.UTC(year, month - 1 - months, day));
  return at.getUTCDate() === day ? at.toISOString().slice(0, 10) : null;
};

export class DonationWorld {
  private readonly orders: Orders;
  private readonly paid = new Map<string, LineItem[]>();
  private readonly extraOrders: Order[] = [];
  private readonly refunds = new Map<string, { at: number; paidOn: string }>();
  private readonly cancellations = new Map<string, number>();
  private isEmpty = false;

  constructor(options: WorldOptions) {
    this.orders = new Orders(options);
  }

  /** Nobody gave anything, ever. */
  empty(): void {
    this.isEmpty = true;
    this.paid.clear();
  }

  /** An order that nobody rolled dice for; line items are numbered from its number on. */
  add(order: Partial<Order> & { startedAt: number }): Order {
    const whole = this.orders.special(this.extraOrders.length, order);
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
    return onEasternDate(date, Math.floor(this.orders.chance('again', order.receiptId, months) * 1380));
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
    if (this.orders.chance('refund', lineitemId) > 0.02) return null;
    const days = wholeBetween(this.orders.chance('refund after', lineitemId), 0, latestRefund - 1);
    return paidAt + days * dayLength + 7_200_000;
  }

  private begunOn(date: string): Order[] {
    return [...this.orders.begunOn(date), ...this.extraOn(date)];
  }

  private seriesOf(date: string): Order[] {
    return [
      ...this.orders.seriesOf(date),
      ...this.extraOn(date).filter(({ period }) => period === 'monthly'),
    ];
  }

  private extraOn(date: string): Order[] {
    return this.extraOrders.filter(({ startedAt }) => easternDate(startedAt) === date);
  }
}
