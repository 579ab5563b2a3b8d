/** What ActBlue posts to an endpoint when something happens: one request a line item, JSON, Basic auth. */
import { easternWithOffset } from './eastern';
import { money } from './reports';
import type { Order } from './orders';
import type { LineItem } from './world';

/** JSON numbers beyond what a double holds, digit by digit. */
const exact = (digits: string): unknown =>
  (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(digits);

const time = (at: number | null): string | null => (at === null ? null : easternWithOffset(at));

const donorOf = ({ donor }: Order): Record<string, unknown> => ({
  firstname: donor.firstName,
  lastname: donor.lastName,
  addr1: donor.street,
  city: donor.city,
  state: donor.state,
  zip: donor.zip,
  country: 'United States',
  isEligibleForExpressLane: false,
  employerData: { employer: donor.employer, occupation: donor.occupation },
  email: donor.email,
  phone: donor.phone,
});

const contributionOf = (order: Order): Record<string, unknown> => ({
  createdAt: time(order.startedAt),
  orderNumber: order.receiptId,
  contributionForm: order.page,
  refcodes: {
    ...(order.refcode && { refcode: order.refcode }),
    ...(order.refcode2 && { refcode2: order.refcode2 }),
  },
  refcode: order.refcode || null,
  refcode2: order.refcode2 || null,
  recurringPeriod: order.period,
  recurringDuration: order.period === 'once' ? 1 : 'infinite',
  abTestName: null,
  abTestVariation: null,
  isPaypal: order.paypal,
  isMobile: order.mobile,
  isExpress: order.expressLane,
  withExpressLane: order.expressLane,
  expressSignup: false,
  textMessageOption: order.textOptIn,
  status: 'approved',
});

const lineItemOf = (item: LineItem, refundedAt: number | null): Record<string, unknown> => ({
  sequence: item.recurrence,
  entityId: exact(item.committee.entityId),
  fecId: item.committee.fecId,
  committeeName: item.committee.name,
  amount: money(item.cents),
  recurringAmount: item.order.period === 'once' ? null : money(item.cents),
  paidAt: time(item.paidAt),
  paymentId: exact(`6${item.lineitemId}`),
  lineitemId: exact(item.lineitemId),
  ...(refundedAt !== null && { refundedAt: time(refundedAt), disbursedAt: null, recoveredAt: null }),
});

const form = {
  name: 'sandbox-website',
  kind: 'page',
  ownerEmail: 'owner@example.com',
  managingEntityName: null,
};

export const donationNotice = (item: LineItem): string =>
  JSON.stringify({
    donor: donorOf(item.order),
    contribution: contributionOf(item.order),
    lineitems: [lineItemOf(item, null)],
    form,
  });

export const refundNotice = (item: LineItem, refundedAt: number): string =>
  JSON.stringify({
    donor: donorOf(item.order),
    contribution: { ...contributionOf(item.order), status: 'refunded' },
    lineitems: [lineItemOf(item, refundedAt)],
    form,
  });

/** One for each committee of the order. */
export const cancellationNotices = (
  { order, at, completed }: { order: Order; at: number; completed: number },
  items: readonly LineItem[],
): string[] =>
  items.map((item) =>
    JSON.stringify({
      donor: donorOf(order),
      contribution: {
        ...contributionOf(order),
        cancelledAt: time(at),
        cancellationReason: order.reason,
        recurringType: 'forever',
        recurCompleted: completed,
        recurPledged: 'forever',
      },
      lineitems: [{ ...lineItemOf(item, null), sequence: completed }],
      form,
    }),
  );

export interface Endpoint {
  url: string;
  user: string;
  password: string;
}

/** Posts them one after the other; gives the statuses answered. */
export const post = async (
  { url, user, password }: Endpoint,
  bodies: readonly string[],
): Promise<number[]> => {
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const statuses: number[] = [];
  for (const body of bodies) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization },
      body,
    });
    await answer.arrayBuffer();
    statuses.push(answer.status);
  }
  return statuses;
};
