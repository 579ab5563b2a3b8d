/** A line item (what one committee got from one payment) as a row, from a report or from a webhook: both have to give the same. */
import type { ApiRow } from '../kit/api/api-row';
import type { Column } from '../kit/column';
import { wallClockToUtc, wallDate } from '../kit/types/wall-clock';
import { currency, eastern } from './actblue-config';
import type { Notice } from './notice';
import type { ReportRow } from './report-pages';

/** What the payment was; a refund or a fee is told elsewhere, so that a row never changes once it is there. */
export const contributionColumns: readonly Column[] = [
  { name: 'lineitem_id', type: 'text' },
  { name: 'receipt_id', type: 'text' },
  { name: 'paid_on', type: 'date' },
  { name: 'paid_at', type: 'timestamp' },
  { name: 'amount', type: 'numeric' },
  { name: 'currency', type: 'text' },
  { name: 'committee', type: 'text' },
  { name: 'entity_id', type: 'text' },
  { name: 'form', type: 'text' },
  { name: 'refcode', type: 'text' },
  { name: 'refcode2', type: 'text' },
  { name: 'recurring_period', type: 'text' },
  { name: 'recurrence_number', type: 'bigint' },
  { name: 'donor_email', type: 'text' },
  { name: 'donor_first_name', type: 'text' },
  { name: 'donor_last_name', type: 'text' },
  { name: 'donor_phone', type: 'text' },
  { name: 'donor_address', type: 'text' },
  { name: 'donor_city', type: 'text' },
  { name: 'donor_state', type: 'text' },
  { name: 'donor_zip', type: 'text' },
  { name: 'donor_country', type: 'text' },
  { name: 'donor_occupation', type: 'text' },
  { name: 'donor_employer', type: 'text' },
  { name: 'is_mobile', type: 'boolean' },
  { name: 'is_express_lane', type: 'boolean' },
  { name: 'is_paypal', type: 'boolean' },
  { name: 'text_message_option', type: 'text' },
];

/** What is no time stays as it is, so that the row is rejected and seen. */
export const utc = (text: string | null): string | null =>
  text === null ? null : (wallClockToUtc(text, eastern) ?? text);

export const easternDay = (instant: string | null): string | null =>
  instant !== null && Number.isFinite(Date.parse(instant)) ? wallDate(instant, eastern) : null;

/** `$1,250.00` → `1250.00` */
export const dollars = (text: string | null): string | null => text?.replace(/[$,]/g, '') ?? null;

const flag = (text: string | null): boolean | null =>
  text === null ? null : ['t', 'true', 'yes', '1'].includes(text.toLowerCase());

const periodOf = (row: ReportRow): string => {
  if (flag(row('Recur Weekly'))) return 'weekly';
  const months = row('Recurring Total Months');
  return months !== null && months !== '0' && months !== '1' ? 'monthly' : 'once';
};

export const contributionOfReport = (row: ReportRow): ApiRow => {
  const paidAt = utc(row('Payment Date') ?? row('Date'));
  return {
    lineitem_id: row('Lineitem ID'),
    receipt_id: row('Receipt ID'),
    paid_on: easternDay(paidAt),
    paid_at: paidAt,
    amount: dollars(row('Amount')),
    currency,
    committee: row('Recipient Committee') ?? row('Recipient'),
    entity_id: row('Recipient ID'),
    form: row('Fundraising Page'),
    refcode: row('Reference Code'),
    refcode2: row('Reference Code 2'),
    recurring_period: periodOf(row),
    recurrence_number: row('Recurrence Number'),
    donor_email: row('Donor Email'),
    donor_first_name: row('Donor First Name'),
    donor_last_name: row('Donor Last Name'),
    donor_phone: row('Donor Phone'),
    donor_address: row('Donor Addr1'),
    donor_city: row('Donor City'),
    donor_state: row('Donor State'),
    donor_zip: row('Donor ZIP'),
    donor_country: row('Donor Country'),
    donor_occupation: row('Donor Occupation'),
    donor_employer: row('Donor Employer'),
    is_mobile: flag(row('Mobile')),
    is_express_lane: flag(row('ActBlue Express Lane')),
    is_paypal: flag(row('Paypal')),
    text_message_option: row('Text Message Opt In'),
  };
};

export const contributionOfNotice = ({ donor, employment, contribution, refcodes, item }: Notice): ApiRow => {
  const paidAt = utc(item.text('paidAt'));
  return {
    lineitem_id: item.text('lineitemId'),
    receipt_id: contribution.text('orderNumber'),
    paid_on: easternDay(paidAt),
    paid_at: paidAt,
    amount: dollars(item.text('amount')),
    currency,
    committee: item.text('committeeName'),
    entity_id: item.text('entityId'),
    form: contribution.text('contributionForm'),
    refcode: refcodes.text('refcode') ?? contribution.text('refcode'),
    refcode2: refcodes.text('refcode2') ?? contribution.text('refcode2'),
    recurring_period: contribution.text('recurringPeriod') ?? 'once',
    recurrence_number: item.text('sequence'),
    donor_email: donor.text('email'),
    donor_first_name: donor.text('firstname'),
    donor_last_name: donor.text('lastname'),
    donor_phone: donor.text('phone'),
    donor_address: donor.text('addr1'),
    donor_city: donor.text('city'),
    donor_state: donor.text('state'),
    donor_zip: donor.text('zip'),
    donor_country: donor.text('country'),
    donor_occupation: employment.text('occupation'),
    donor_employer: employment.text('employer'),
    is_mobile: flag(contribution.text('isMobile')),
    is_express_lane: flag(contribution.text('withExpressLane')),
    is_paypal: flag(contribution.text('isPaypal')),
    text_message_option: contribution.text('textMessageOption'),
  };
};
