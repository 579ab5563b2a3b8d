/** Takes in what ActBlue's webhooks post, after it has shown the user name and password that were agreed upon. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { FreshetError } from '@freshet/contracts';
import { rowMaker, type ApiRow } from '../kit/api/api-row';
import type { Column } from '../kit/column';
import type { Received } from '../kit/connector';
import { basicAuth } from '../kit/http/api-answer';
import type { ActBlueCredentials } from './actblue-config';
import { cancellationColumns, cancellationOfNotice } from './cancellation';
import { contributionColumns, contributionOfNotice } from './contribution';
import { noticesOf, type Notice } from './notice';
import { refundColumns, refundOfNotice } from './refund';

interface Kind {
  stream: string;
  columns: readonly Column[];
  key: readonly string[];
  rowOf(notice: Notice): ApiRow;
}

const donation: Kind = {
  stream: 'contributions',
  columns: contributionColumns,
  key: ['lineitem_id'],
  rowOf: contributionOfNotice,
};
const refund: Kind = {
  stream: 'refunds',
  columns: refundColumns,
  key: ['lineitem_id'],
  rowOf: refundOfNotice,
};
const cancellation: Kind = {
  stream: 'recurring_cancellations',
  columns: cancellationColumns,
  key: ['receipt_id', 'committee'],
  rowOf: cancellationOfNotice,
};

/** Notices say by their times what they tell of. */
const kindOf = ({ contribution, item }: Notice): Kind => {
  if (item.text('refundedAt') !== null) return refund;
  return contribution.text('cancelledAt') === null ? donation : cancellation;
};

/** Digests are of one length and tell nothing of what they were made of, however long they are compared. */
const isSame = (a: string, b: string): boolean => {
  const [left, right] = [a, b].map((text) => createHash('sha256').update(text, 'utf8').digest());
  return left !== undefined && right !== undefined && timingSafeEqual(left, right);
};

const authenticate = (
  { webhookUser, webhookPassword }: ActBlueCredentials,
  headers: Record<string, string>,
): void => {
  const isSet = webhookUser !== undefined && webhookPassword !== undefined;
  const expected = isSet ? basicAuth(webhookUser, webhookPassword) : '';
  // The scheme's name may be written in any case.
  const shown = (headers['authorization'] ?? '').replace(/^basic\s+/i, 'Basic ');
  if (isSame(shown, expected) && isSet) return;
  throw new FreshetError('unauthenticated', 'The webhook did not show the right user name and password.', {
    action: isSet
      ? 'Give ActBlue the webhook user name and password of this source.'
      : 'Set a webhook user name and password in this source, and give them to ActBlue.',
  });
};

const rawLength = 500;

/** Throws `unauthenticated`, or `invalid_input` for what is no notice of ActBlue. */
export const receiveNotice = ({
  credentials,
  headers,
  body,
}: {
  credentials: ActBlueCredentials;
  headers: Record<string, string>;
  body: Buffer;
}): Received => {
  authenticate(credentials, headers);
  const notices = noticesOf(body.toString('utf8'));
  const { stream, columns, key, rowOf } = kindOf(notices[0]);
  const make = rowMaker(columns, key);
  const received: Received = { stream, columns, rows: [], rejects: [] };
  notices.map(rowOf).forEach((values, place) => {
    const made = make(values);
    if ('row' in made) received.rows.push(made.row);
    else
      received.rejects.push({
        row: place + 1,
        reason: made.reason,
        raw: JSON.stringify(values).slice(0, rawLength),
      });
  });
  return received;
};
