/** ActBlue's CSV reports: their headers as exported, repeated "Reserved" included, and the rows of a range of Eastern dates. */
import { datesBetween } from '../../market';
import { easternTime } from './eastern';
import type { Order } from './orders';
import type { DonationWorld, LineItem } from './world';

export const csvTypes = [
  'paid_contributions',
  'refunded_contributions',
  'managed_form_contributions',
  'cancelled_recurring_contributions',
] as const;
export type CsvType = (typeof csvTypes)[number];

const contributionHeader =
  'Receipt ID,Date,Amount,Recurring Total Months,Recurrence Number,Recipient,Fundraising Page,Fundraising Partner,Reference Code 2,Reference Code,Donor First Name,Donor Last Name,Donor Addr1,Donor Addr2,Donor City,Donor State,Donor ZIP,Donor Country,Donor Occupation,Donor Employer,Donor Email,Donor Phone,New Express Signup,Comments,Check Number,Check Date,Employer Addr1,Employer Addr2,Employer City,Employer State,Employer ZIP,Employer Country,Donor ID,Fundraiser ID,Fundraiser Recipient ID,Fundraiser Contact Email,Fundraiser Contact First Name,Fundraiser Contact Last Name,Partner ID,Partner Contact Email,Partner Contact First Name,Partner Contact Last Name,Reserved,Lineitem ID,AB Test Name,AB Variation,Recipient Committee,Recipient ID,Recipient Gov ID,Recipient Election,Reserved,Payment ID,Payment Date,Disbursement ID,Disbursement Date,Recovery ID,Recovery Date,Refund ID,Refund Date,Fee,Recur Weekly,ActBlue Express Lane,Reserved,Card Type,Reserved,Reserved,Reserved,Reserved,Mobile,Recurring Upsell Shown,Recurring Upsell Succeeded,Double Down,Smart Recurring,Monthly Recurring Amount,Apple Pay,Card Replaced by Account Updater,ActBlue Express Donor,Custom Field 1 Label,Custom Field 1 Value,Donor US Passport Number,Text Message Opt In,Gift Identifier,Gift Declined,Shipping Addr1,Shipping City,Shipping State,Shipping Zip,Shipping Country,Weekly Recurring Amount,Smart Boost Amount,Smart Boost Shown,Bump Recurring Seen,Bump Recurring Succeeded,Weekly to Monthly Rollover Date,Weekly Recurring Sunset,Recurring Type,Recurring Pledged,Paypal,Kind,Managed Entity Name,Managed Entity Committee Name'.split(
    ',',
  );

const cancellationHeader =
  'Receipt ID,Recurrence Amount,Total Amount,Initial Pledge Length,Recurrence Frequency,Initial Contribution Date,Cancelled On,Express Donor,Donor First Name,Donor Last Name,Donor Address,Donor City,Donor State,Donor ZIP,Donor Country,Donor Occupation,Donor Employer,Donor Email,Donor Phone,Reference Code,Bump Recurring Seen,Bump Recurring Succeeded,Contribution Form,Credit Card Expiration,Recurring Period,Recurring Duration,AB Test Name,Weekly Recurring Sunset,Is Paypal,Is Mobile,AB Test Variation,With Express Lane,Express Sign Up,Text Message Option,Gift Declined,Gift Identifier,Smart Boost Amount,Recur Completed,Cancelation Reason,Is Eligible For Express Lane,Sequence,FEC Id,Committee Name,Recurring Amount,Form Name,Form Kind,Managed Entitity Name,Managed Entity Committee Name,Owner Email'.split(
    ',',
  );

export const headerOf = (type: CsvType): readonly string[] =>
  type === 'cancelled_recurring_contributions' ? cancellationHeader : contributionHeader;

export const money = (cents: number): string => (cents / 100).toFixed(2);

/** 3.95 %, rounded to cents. */
export const feeOf = (cents: number): number => Math.round(cents * 0.0395);

const flag = (value: boolean): string => (value ? 't' : 'f');

type Fields = Record<string, string>;

const contribution = (item: LineItem): Fields => {
  const { order, committee } = item;
  const { donor } = order;
  const isMonthly = order.period === 'monthly';
  return {
    'Receipt ID': order.receiptId,
    Date: easternTime(item.paidAt),
    Amount: money(item.cents),
    'Recurring Total Months': isMonthly ? 'unlimited' : '',
    'Recurrence Number': String(item.recurrence),
    Recipient: committee.name,
    'Fundraising Page': order.page,
    'Reference Code 2': order.refcode2,
    'Reference Code': order.refcode,
    'Donor First Name': donor.firstName,
    'Donor Last Name': donor.lastName,
    'Donor Addr1': donor.street,
    'Donor City': donor.city,
    'Donor State': donor.state,
    'Donor ZIP': donor.zip,
    'Donor Country': 'United States',
    'Donor Occupation': donor.occupation,
    'Donor Employer': donor.employer,
    'Donor Email': donor.email,
    'Donor Phone': donor.phone,
    'Donor ID': donor.id,
    'Lineitem ID': item.lineitemId,
    'Recipient Committee': committee.name,
    'Recipient ID': committee.entityId,
    'Recipient Gov ID': committee.fecId,
    'Payment ID': `6${item.lineitemId}`,
    'Payment Date': easternTime(item.paidAt),
    'Refund ID': item.refundedAt === null ? '' : `4${item.lineitemId}`,
    'Refund Date': item.refundedAt === null ? '' : easternTime(item.refundedAt),
    Fee: money(feeOf(item.cents)),
    'Recur Weekly': 'f',
    'ActBlue Express Lane': flag(order.expressLane),
    'Card Type': order.paypal ? '' : 'visa',
    Mobile: flag(order.mobile),
    'Text Message Opt In': order.textOptIn,
    'Recurring Type': isMonthly ? 'forever' : '',
    'Recurring Pledged': isMonthly ? 'forever' : '1',
    Paypal: flag(order.paypal),
    Kind: 'page',
  };
};

const cancellation = (order: Order, at: number, completed: number): Fields[] =>
  order.parts.map(({ committee, cents }) => ({
    'Receipt ID': order.receiptId,
    'Recurrence Amount': money(cents),
    'Total Amount': money(cents * completed),
    'Initial Pledge Length': 'unlimited',
    'Recurrence Frequency': order.period,
    'Initial Contribution Date': easternTime(order.startedAt),
    'Cancelled On': easternTime(at),
    'Donor First Name': order.donor.firstName,
    'Donor Last Name': order.donor.lastName,
    'Donor State': order.donor.state,
    'Donor Email': order.donor.email,
    'Reference Code': order.refcode,
    'Contribution Form': order.page,
    'Recurring Period': order.period,
    'Recurring Duration': 'forever',
    'Recur Completed': String(completed),
    'Cancelation Reason': order.reason,
    Sequence: String(completed),
    'FEC Id': committee.fecId,
    'Committee Name': committee.name,
    'Recurring Amount': money(cents),
  }));

export interface ReportRequest {
  type: CsvType;
  /** Eastern dates; `to` is not among them. */
  from: string;
  to: string;
  /** Nothing that happened later is in it. */
  asOf: number;
}

/** Line items of a report by its own rule: refunded ones by the day of the refund, and no longer among the paid ones. */
export const lineItemsOf = (world: DonationWorld, { type, from, to, asOf }: ReportRequest): LineItem[] => {
  const isRefunded = ({ refundedAt }: LineItem): boolean => refundedAt !== null && refundedAt <= asOf;
  const dates = datesBetween(from, to);
  if (type === 'refunded_contributions')
    return dates.flatMap((date) => world.refundedOn(date)).filter(isRefunded);
  return dates
    .flatMap((date) => world.paidOn(date))
    .filter((item) => item.paidAt <= asOf && !isRefunded(item))
    .map((item) => ({ ...item, refundedAt: null }));
};

export const cancellationsOf = (
  world: DonationWorld,
  { from, to, asOf }: ReportRequest,
): ReturnType<DonationWorld['cancelledOn']> =>
  datesBetween(from, to)
    .flatMap((date) => world.cancelledOn(date))
    .filter(({ at }) => at <= asOf);

const field = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;

export const csvOf = (world: DonationWorld, request: ReportRequest): string => {
  const header = headerOf(request.type);
  const rows =
    request.type === 'cancelled_recurring_contributions'
      ? cancellationsOf(world, request).flatMap(({ order, at, completed }) =>
          cancellation(order, at, completed),
        )
      : lineItemsOf(world, request).map(contribution);
  const lines = rows.map((row) => header.map((name) => field(row[name] ?? '')).join(','));
  return [header.join(','), ...lines, ''].join('\r\n');
};
