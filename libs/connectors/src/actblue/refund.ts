/** A refund as a row of its own beside the contribution that it takes back. */
import type { ApiRow } from '../kit/api/api-row';
import type { Column } from '../kit/column';
import { currency } from './actblue-config';
import { dollars, easternDay, utc } from './contribution';
import type { Notice } from './notice';
import type { ReportRow } from './report-pages';

export const refundColumns: readonly Column[] = [
  { name: 'lineitem_id', type: 'text' },
  { name: 'receipt_id', type: 'text' },
  { name: 'refunded_on', type: 'date' },
  { name: 'refunded_at', type: 'timestamp' },
  { name: 'paid_at', type: 'timestamp' },
  { name: 'amount', type: 'numeric' },
  { name: 'currency', type: 'text' },
  { name: 'committee', type: 'text' },
  { name: 'refcode', type: 'text' },
  { name: 'donor_email', type: 'text' },
  { name: 'donor_first_name', type: 'text' },
  { name: 'donor_last_name', type: 'text' },
  { name: 'donor_state', type: 'text' },
];

export const refundOfReport = (row: ReportRow): ApiRow => {
  const refundedAt = utc(row('Refund Date'));
  return {
    lineitem_id: row('Lineitem ID'),
    receipt_id: row('Receipt ID'),
    refunded_on: easternDay(refundedAt),
    refunded_at: refundedAt,
    paid_at: utc(row('Payment Date') ?? row('Date')),
    amount: dollars(row('Amount')),
    currency,
    committee: row('Recipient Committee') ?? row('Recipient'),
    refcode: row('Reference Code'),
    donor_email: row('Donor Email'),
    donor_first_name: row('Donor First Name'),
    donor_last_name: row('Donor Last Name'),
    donor_state: row('Donor State'),
  };
};

export const refundOfNotice = ({ donor, contribution, refcodes, item }: Notice): ApiRow => {
  const refundedAt = utc(item.text('refundedAt'));
  return {
    lineitem_id: item.text('lineitemId'),
    receipt_id: contribution.text('orderNumber'),
    refunded_on: easternDay(refundedAt),
    refunded_at: refundedAt,
    paid_at: utc(item.text('paidAt')),
    amount: dollars(item.text('amount')),
    currency,
    committee: item.text('committeeName'),
    refcode: refcodes.text('refcode') ?? contribution.text('refcode'),
    donor_email: donor.text('email'),
    donor_first_name: donor.text('firstname'),
    donor_last_name: donor.text('lastname'),
    donor_state: donor.text('state'),
  };
};
