/** Refusals of Google Analytics in sentences: which quota is used up and until when, which right is missing. */
import { FreshetError } from '@freshet/contracts';
import { DateTime } from 'luxon';
import { explainStatus } from '../kit/explain';
import { retryAfter } from '../kit/retry-after';

const vendor = 'Google Analytics';

interface Fault {
  status: number;
  /** Google's own sentence. */
  message: string;
  /** `reason` of a google.rpc.ErrorInfo, or OAuth's error code. */
  reason: string;
  retryAfter: string | undefined;
}

const record = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** From a GaxiosError, by its shape: several copies of that class may be loaded. */
const faultOf = (error: unknown): Fault | null => {
  const response = record(record(error)['response']);
  const status = response['status'];
  if (typeof status !== 'number') return null;
  const { headers, data } = response;
  const said = record(data)['error'];
  const details = record(said)['details'];
  const reasons = (Array.isArray(details) ? details : []).map((detail) => textOf(record(detail)['reason']));
  return {
    status,
    message: textOf(record(said)['message']) || textOf(record(data)['error_description']),
    reason: reasons.find(Boolean) ?? textOf(said),
    retryAfter: headers instanceof Headers ? (headers.get('retry-after') ?? undefined) : undefined,
  };
};

const seconds = (count: number) => (now: Date) => new Date(now.getTime() + count * 1_000);

/** Google's day of quotas begins at midnight in California. */
const nextPacificMidnight = (now: Date): Date =>
  DateTime.fromJSDate(now, { zone: 'America/Los_Angeles' }).plus({ days: 1 }).startOf('day').toJSDate();

/** By Google's words, most particular first; `until` is how long connectors have found it wise to wait. */
const quotas: readonly { pattern: RegExp; what: string; until(now: Date): Date }[] = [
  { pattern: /concurrent requests quota/i, what: 'its requests at one time', until: seconds(30) },
  {
    pattern: /thresholded requests quota/i,
    what: 'its requests for demographics this hour',
    until: seconds(1_800),
  },
  { pattern: /server errors quota/i, what: 'the errors it allows in an hour', until: seconds(3_600) },
  {
    pattern: /tokens for a project per hour/i,
    what: 'what Freshet may ask of it this hour',
    until: seconds(1_800),
  },
  { pattern: /tokens per hour/i, what: 'what all programs may ask of it this hour', until: seconds(1_800) },
  {
    pattern: /tokens (for a project )?per day/i,
    what: 'what may be asked of it today',
    until: nextPacificMidnight,
  },
];

const quotaError = (fault: Fault, now: Date, cause: unknown): FreshetError | null => {
  const quota = quotas.find(({ pattern }) => pattern.test(fault.message));
  if (!quota) return null;
  return new FreshetError('source_quota', `This property of ${vendor} has used up ${quota.what}.`, {
    action: 'Nothing to do: the sync goes on by itself when Google allows it.',
    until: retryAfter(fault.retryAfter, now) ?? quota.until(now),
    cause,
  });
};

interface Told {
  sentence: string;
  action: string;
}

const rights: readonly { applies(fault: Fault): boolean; told: Told }[] = [
  {
    applies: ({ reason }) => reason === 'ACCESS_TOKEN_SCOPE_INSUFFICIENT',
    told: {
      sentence: `The connected Google account did not allow Freshet to read ${vendor}.`,
      action: 'Reconnect it, and leave “See and download your Google Analytics data” ticked.',
    },
  },
  {
    applies: ({ reason }) => reason === 'SERVICE_DISABLED',
    told: {
      sentence:
        'The Google Analytics Data API or Admin API is not turned on in the Google Cloud project of this installation.',
      action: 'Ask whoever runs Freshet to enable both there, then try again.',
    },
  },
  {
    applies: ({ status, message }) => status === 403 && /permissions? for this property/i.test(message),
    told: {
      sentence: 'The connected Google account may not read this property.',
      action:
        'Ask its administrator for the role Viewer, choose another property, or reconnect with another account.',
    },
  },
  {
    applies: ({ reason }) => reason === 'invalid_grant',
    told: {
      sentence: `Our access to ${vendor} was taken away, or it expired.`,
      action: 'Reconnect the account; what was synced stays, and the next sync goes on where it stopped.',
    },
  },
];

/** Null when there was no answer. */
export const explain = (error: unknown, now: Date): FreshetError | null => {
  const fault = faultOf(error);
  if (!fault) return null;
  const { status, message } = fault;
  const right = rights.find(({ applies }) => applies(fault))?.told;
  if (right) {
    const { sentence, action } = right;
    return new FreshetError('source_unauthorized', sentence, { action, cause: error, extra: { status } });
  }
  const quota = status === 429 ? quotaError(fault, now, error) : null;
  const headers = { 'retry-after': fault.retryAfter };
  return quota ?? explainStatus({ vendor, status, headers, message, cause: error }, now);
};
