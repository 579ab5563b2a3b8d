/** The rows that a complete sync has to end with, told from the world of donations and not from any answer. */
import { datesBetween } from '../../market';
import { easternDate } from './eastern';
import { cancellationsOf, feeOf, lineItemsOf, money, type ReportRequest } from './reports';
import type { Order } from './orders';
import type { DonationWorld, LineItem } from './world';

export type TruthRow = Record<string, string | number | boolean | null>;

const utc = (at: number): string => new Date(at).toISOString().replace('.000Z', 'Z');

const donor = ({ donor: who, refcode }: Order): TruthRow => ({
  donor_email: who.email,
  donor_first_name: who.firstName,
  donor_last_name: who.lastName,
  donor_state: who.state,
  refcode: refcode || null,
});

const contribution = (item: LineItem): TruthRow => ({
  ...donor(item.order),
  lineitem_id: item.lineitemId,
  receipt_id: item.order.receiptId,
  paid_at: utc(item.paidAt),
  paid_on: easternDate(item.paidAt),
  amount: money(item.cents),
  currency: 'USD',
  committee: item.committee.name,
  entity_id: item.committee.entityId,
  form: item.order.page,
  refcode2: item.order.refcode2 || null,
  recurring_period: item.order.period,
  recurrence_number: String(item.recurrence),
  is_mobile: item.order.mobile,
  is_express_lane: item.order.expressLane,
  is_paypal: item.order.paypal,
});

const refund = (item: LineItem): TruthRow => ({
  ...donor(item.order),
  lineitem_id: item.lineitemId,
  receipt_id: item.order.receiptId,
  refunded_at: utc(item.refundedAt ?? 0),
  refunded_on: easternDate(item.refundedAt ?? 0),
  paid_at: utc(item.paidAt),
  amount: money(item.cents),
  currency: 'USD',
});

const payment = (item: LineItem): TruthRow => ({
  lineitem_id: item.lineitemId,
  payment_id: `6${item.lineitemId}`,
  fee: money(feeOf(item.cents)),
  donor_id: item.order.donor.id,
});

export interface Worlds {
  own: DonationWorld;
  managed: DonationWorld;
}

export const actBlueStreams = [
  'contributions',
  'payments',
  'refunds',
  'recurring_cancellations',
  'managed_forms',
] as const;
export type ActBlueStream = (typeof actBlueStreams)[number];

/** @param days Eastern dates; `to` is not among them */
export const truthOf = (
  { own, managed }: Worlds,
  stream: ActBlueStream,
  days: { from: string; to: string },
  asOf: number,
): TruthRow[] => {
  const of = (type: ReportRequest['type']): ReportRequest => ({ ...days, type, asOf });
  /** Paid in these days, whether refunded since or not, and those paid before and refunded in these days. */
  const everPaid = (): LineItem[] => {
    const paid = datesBetween(days.from, days.to).flatMap((date) => own.paidOn(date));
    const refunded = lineItemsOf(own, of('refunded_contributions'));
    const all = [...paid.filter(({ paidAt }) => paidAt <= asOf), ...refunded];
    return [...new Map(all.map((item) => [item.lineitemId, item])).values()];
  };
  switch (stream) {
    case 'contributions':
      return everPaid().map(contribution);
    case 'payments':
      return everPaid().map(payment);
    case 'refunds':
      return lineItemsOf(own, of('refunded_contributions')).map(refund);
    case 'managed_forms':
      return lineItemsOf(managed, of('managed_form_contributions')).map(contribution);
    case 'recurring_cancellations':
      return cancellationsOf(own, of('cancelled_recurring_contributions')).flatMap(
        ({ order, at, completed }) =>
          order.parts.map(({ committee, cents }) => ({
            ...donor(order),
            receipt_id: order.receiptId,
            committee: committee.name,
            cancelled_at: utc(at),
            cancelled_on: easternDate(at),
            started_at: utc(order.startedAt),
            recurring_amount: money(cents),
            currency: 'USD',
            recurring_period: order.period,
            payments_made: String(completed),
          })),
      );
  }
};
