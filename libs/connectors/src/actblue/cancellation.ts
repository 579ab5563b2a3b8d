/** The end of a recurring contribution as a row, one for each committee that it went to. */
import type { ApiRow } from '../kit/api/api-row';
import type { Column } from '../kit/column';
import { currency } from './actblue-config';
import { dollars, easternDay, utc } from './contribution';
import type { Notice } from './notice';
import type { ReportRow } from './report-pages';

export const cancellationColumns: readonly Column[] = [
  { name: 'receipt_id', type: 'text' },
  { name: 'committee', type: 'text' },
  { name: 'cancelled_on', type: 'date' },
  { name: 'cancelled_at', type: 'timestamp' },
  { name: 'started_at', type: 'timestamp' },
  { name: 'recurring_amount', type: 'numeric' },
  { name: 'currency', type: 'text' },
  { name: 'recurring_period', type: 'text' },
  { name: 'payments_made', type: 'bigint' },
  { name: 'reason', type: 'text' },
  { name: 'form', type: 'text' },
  { name: 'refcode', type: 'text' },
  { name: 'donor_email', type: 'text' },
  { name: 'donor_first_name', type: 'text' },
  { name: 'donor_last_name', type: 'text' },
  { name: 'donor_state', type: 'text' },
];

export const cancellationOfReport = (row: ReportRow): ApiRow => {
  const cancelledAt = utc(row('Cancelled On'));
  return {
    receipt_id: row('Receipt ID'),
    // Part of the key, which an empty value may not be in.
    committee: row('Committee Name') ?? '',
    cancelled_on: easternDay(cancelledAt),
    cancelled_at: cancelledAt,
    started_at: utc(row('Initial Contribution Date')),
    recurring_amount: dollars(row('Recurring Amount') ?? row('Recurrence Amount')),
    currency,
    recurring_period: row('Recurring Period') ?? row('Recurrence Frequency'),
    payments_made: row('Recur Completed'),
    reason: row('Cancelation Reason'),
    form: row('Contribution Form'),
    refcode: row('Reference Code'),
    donor_email: row('Donor Email'),
    donor_first_name: row('Donor First Name'),
    donor_last_name: row('Donor Last Name'),
    donor_state: row('Donor State'),
  };
};

export const cancellationOfNotice = ({ donor, contribution, refcodes, item }: Notice): ApiRow => {
  const cancelledAt = utc(contribution.text('cancelledAt'));
  return {
    receipt_id: contribution.text('orderNumber'),
    committee: item.text('committeeName') ?? '',
    cancelled_on: easternDay(cancelledAt),
    cancelled_at: cancelledAt,
    started_at: utc(contribution.text('createdAt')),
    recurring_amount: dollars(item.text('recurringAmount') ?? item.text('amount')),
    currency,
    recurring_period: contribution.text('recurringPeriod'),
    payments_made: contribution.text('recurCompleted'),
    reason: contribution.text('cancellationReason'),
    form: contribution.text('contributionForm'),
    refcode: refcodes.text('refcode') ?? contribution.text('refcode'),
    donor_email: donor.text('email'),
    donor_first_name: donor.text('firstname'),
    donor_last_name: donor.text('lastname'),
    donor_state: donor.text('state'),
  };
};
