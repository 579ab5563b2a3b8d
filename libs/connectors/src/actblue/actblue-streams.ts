/** ActBlue's streams. A contribution, what it cost, its refund and the end of a series are rows of their own tables, since each is told once. */
import { streamDefaults, type ApiRequest, type ApiStream } from '../kit/api/api-stream';
import type { Page } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import type { ActBlueConfig, ActBlueCredentials } from './actblue-config';
import { cancellationColumns, cancellationOfReport } from './cancellation';
import { contributionColumns, contributionOfReport, easternDay, utc } from './contribution';
import { fetchReport, type ReportType } from './csv-api';
import { pagesOf, rowsOf, type ReportPage } from './report-pages';
import { refundColumns, refundOfReport } from './refund';

type Stream = ApiStream<ActBlueConfig, ActBlueCredentials, ReportPage>;
type Request = ApiRequest<ActBlueConfig, ActBlueCredentials>;

/** A report takes a while to make, however few its days; 180 days are six months in any year. */
const slicing = { days: 30, mostDays: 180, historyDays: null };

const headerOf = (type: ReportType): string =>
  type === 'cancelled_recurring_contributions' ? 'Cancelled On' : 'Lineitem ID';

/** One report after the other, each whole before its first page. */
const pagesOfReports = (...types: ReportType[]) =>
  async function* (
    { credentials, slice }: Request,
    context: ConnectorContext,
  ): AsyncGenerator<Page<ReportPage>> {
    const { from = '', to = '' } = slice;
    for (const [place, type] of types.entries()) {
      const spool = await fetchReport(credentials, { type, from, to }, headerOf(type), context);
      try {
        yield* pagesOf(type, spool, { from: place / types.length, to: (place + 1) / types.length });
      } finally {
        await spool.close();
      }
    }
  };

/**
 * The report of paid contributions leaves out what was refunded since, so the refunded ones of the same days are read, too. In this order:
 * what is refunded between the two reports is then in both rather than in neither.
 */
const everPaid = pagesOfReports('paid_contributions', 'refunded_contributions');

const contributions: Stream = {
  ...streamDefaults,
  name: 'contributions',
  description: 'Each contribution by line item, also those refunded since; fed by reports and by webhooks.',
  key: ['lineitem_id'],
  cursor: 'paid_on',
  lookbackDays: 7,
  slicing,
  columns: contributionColumns,
  pages: everPaid,
  rows: function* (page) {
    for (const row of rowsOf(page)) yield contributionOfReport(row);
  },
};

const refunds: Stream = {
  ...streamDefaults,
  name: 'refunds',
  description: 'Line items that were given back, by the day of the refund; fed by reports and by webhooks.',
  key: ['lineitem_id'],
  cursor: 'refunded_on',
  lookbackDays: 30,
  slicing,
  columns: refundColumns,
  pages: pagesOfReports('refunded_contributions'),
  rows: function* (page) {
    for (const row of rowsOf(page)) yield refundOfReport(row);
  },
};

const recurringCancellations: Stream = {
  ...streamDefaults,
  name: 'recurring_cancellations',
  description: 'Recurring contributions that ended, with the reason; fed by reports and by webhooks.',
  // A receipt with several committees ends for each of them.
  key: ['receipt_id', 'committee'],
  cursor: 'cancelled_on',
  lookbackDays: 7,
  slicing,
  columns: cancellationColumns,
  pages: pagesOfReports('cancelled_recurring_contributions'),
  rows: function* (page) {
    for (const row of rowsOf(page)) yield cancellationOfReport(row);
  },
};

/** Webhooks don't tell these, and a webhook's row must not empty what a report filled: hence a table of its own. */
const payments: Stream = {
  ...streamDefaults,
  name: 'payments',
  description: 'What only reports know of a contribution: its fee, its payout, its donor’s number.',
  key: ['lineitem_id'],
  cursor: 'paid_on',
  lookbackDays: 30,
  slicing,
  columns: [
    { name: 'lineitem_id', type: 'text' },
    { name: 'paid_on', type: 'date' },
    { name: 'payment_id', type: 'text' },
    { name: 'fee', type: 'numeric' },
    { name: 'card_type', type: 'text' },
    { name: 'donor_id', type: 'text' },
    { name: 'disbursement_id', type: 'text' },
    { name: 'disbursed_at', type: 'timestamp' },
    { name: 'refund_id', type: 'text' },
  ],
  pages: everPaid,
  rows: function* (page) {
    for (const row of rowsOf(page))
      yield {
        lineitem_id: row('Lineitem ID'),
        paid_on: easternDay(utc(row('Payment Date') ?? row('Date'))),
        payment_id: row('Payment ID'),
        fee: row('Fee'),
        card_type: row('Card Type'),
        donor_id: row('Donor ID'),
        disbursement_id: row('Disbursement ID'),
        disbursed_at: utc(row('Disbursement Date')),
        refund_id: row('Refund ID'),
      };
  },
};

const managedForms: Stream = {
  ...streamDefaults,
  name: 'managed_forms',
  description: 'Contributions to others that came in by forms you manage; refunded ones go.',
  mode: 'replace-window',
  key: ['lineitem_id'],
  cursor: 'paid_on',
  lookbackDays: 30,
  slicing,
  columns: contributionColumns,
  pages: pagesOfReports('managed_form_contributions'),
  rows: function* (page) {
    for (const row of rowsOf(page)) yield contributionOfReport(row);
  },
};

export const actBlueStreams = [contributions, refunds, recurringCancellations, payments, managedForms];
