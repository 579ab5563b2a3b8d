/** ActBlue's CSV API: a report is asked for, waited for, and downloaded whole before any of it is used. */
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext } from '../kit/context';
import {
  askApi,
  basicAuth,
  brokenAnswer,
  exactJson,
  explainRefusal,
  readingAnswer,
  RefusedAnswer,
  type ApiAnswer,
} from '../kit/http/api-answer';
import { Spool } from '../kit/spool';
import type { ActBlueCredentials } from './actblue-config';

export type ReportType =
  | 'paid_contributions'
  | 'refunded_contributions'
  | 'managed_form_contributions'
  | 'cancelled_recurring_contributions';

export interface ReportRequest {
  type: ReportType;
  /** Eastern dates; `to` is not among them. At most six months. */
  from: string;
  to: string;
}

const vendor = 'ActBlue';
const firstWait = 2_000;
const longestWait = 15_000;
/** Milliseconds after which a report is given up. */
const patience = 30 * 60_000;

export const explainActBlue = explainRefusal(vendor, (body) => {
  const { error } = body as { error?: unknown };
  return typeof error === 'string' ? error : undefined;
});

const urlOf = (context: ConnectorContext, path: string): string =>
  `${context.settings.baseUrl ?? 'https://secure.actblue.com'}/api/v1/csvs${path}`;

const headersOf = ({ clientUuid, clientSecret }: ActBlueCredentials): Record<string, string> => ({
  authorization: basicAuth(clientUuid, clientSecret),
  accept: 'application/json',
});

const fieldsOf = ({ text }: ApiAnswer): Record<string, unknown> => {
  const body = exactJson(text);
  if (typeof body === 'object' && body !== null) return body as Record<string, unknown>;
  throw brokenAnswer('ActBlue answered something else than an object.');
};

/** The id of a new job. */
const requestReport = (
  credentials: ActBlueCredentials,
  { type, from, to }: ReportRequest,
  context: ConnectorContext,
): Promise<string> =>
  context.call(async ({ signal }) => {
    const answer = await askApi(context, urlOf(context, ''), {
      method: 'POST',
      headers: { ...headersOf(credentials), 'content-type': 'application/json' },
      body: JSON.stringify({ csv_type: type, date_range_start: from, date_range_end: to }),
      signal,
    });
    const { id } = fieldsOf(answer);
    if (answer.status !== 202 || typeof id !== 'string' || id === '')
      throw brokenAnswer('ActBlue gave no id for a report.');
    return id;
  });

interface JobStatus {
  status: string;
  url: string | null;
}

const jobStatus = async (
  credentials: ActBlueCredentials,
  id: string,
  context: ConnectorContext,
  signal: AbortSignal,
): Promise<JobStatus> => {
  const url = urlOf(context, `/${encodeURIComponent(id)}`);
  const {
    id: told,
    status,
    download_url,
  } = fieldsOf(await askApi(context, url, { headers: headersOf(credentials), signal }));
  if (told !== id || typeof status !== 'string') throw brokenAnswer('ActBlue told of another report.');
  return { status, url: typeof download_url === 'string' && download_url !== '' ? download_url : null };
};

const isUnderWay = ({ status, url }: JobStatus): boolean =>
  url === null && ['in_progress', 'pending', 'queued', 'processing'].includes(status);

/** Whether the job ended with a file. */
const waitForJob = async (
  credentials: ActBlueCredentials,
  id: string,
  context: ConnectorContext,
): Promise<boolean> => {
  let wait = firstWait;
  for (let waited = 0; waited < patience; waited += wait, wait = Math.min(longestWait, wait * 1.5)) {
    const job = await context.call(({ signal }) => jobStatus(credentials, id, context, signal));
    if (!isUnderWay(job)) return job.url !== null;
    await context.wait(wait);
  }
  throw new FreshetError('source_unreachable', 'ActBlue has been making a report for half an hour.', {
    action: 'Try again later; if it goes on, read fewer days at a time.',
  });
};

const saved = async (
  context: ConnectorContext,
  url: string,
  header: string,
  signal: AbortSignal,
): Promise<Spool> => {
  // The address is signed: beside it, storage takes no credentials, and is not to see ours.
  const { status, headers, body } = await context.fetch(url, { signal });
  const spool = await Spool.open();
  try {
    await readingAnswer(async () => {
      for await (const chunk of body) await spool.append(chunk as Uint8Array);
    });
    const begin = (await spool.read(0, 4_096)).toString('utf8');
    if (status !== 200) throw new RefusedAnswer({ status, headers, text: begin }, url);
    if (!begin.split(/\r?\n/, 1)[0]?.includes(header)) throw brokenAnswer('The download is no report.');
    return spool;
  } catch (error) {
    await spool.close();
    throw error;
  }
};

const isExpired = (error: unknown): boolean =>
  error instanceof RefusedAnswer && [403, 404, 410].includes(error.answer.status);

/** Asks for an address that is still good each time, as one lives for ten minutes only. */
const download = (
  credentials: ActBlueCredentials,
  id: string,
  header: string,
  context: ConnectorContext,
): Promise<Spool> =>
  context.call(async ({ signal }) => {
    const { url } = await jobStatus(credentials, id, context, signal);
    if (url === null) throw brokenAnswer('A report that was ready is gone.');
    try {
      return await saved(context, url, header, signal);
    } catch (error) {
      if (!isExpired(error)) throw error;
      throw new FreshetError('source_page_expired', 'The address of an ActBlue report expired.', {
        action: 'Nothing to do: the report is asked for again.',
        cause: error,
      });
    }
  });

/**
 * The whole report as CSV, in a file that the caller closes. A job that fails is asked for once more.
 * @param header a column that every report of this type has
 */
export const fetchReport = async (
  credentials: ActBlueCredentials,
  request: ReportRequest,
  header: string,
  context: ConnectorContext,
): Promise<Spool> => {
  for (let attempt = 1; attempt <= 2; attempt++) {
    const id = await requestReport(credentials, request, context);
    if (await waitForJob(credentials, id, context)) return download(credentials, id, header, context);
  }
  throw new FreshetError('source_unreachable', 'ActBlue failed twice to make a report.', {
    action: 'Try again later; if it goes on, ask ActBlue about CSV API reports.',
  });
};

const nobody = '00000000-0000-4000-8000-000000000000';

/** ActBlue has nothing to say who we are: that it knows no such report, it tells only those with good credentials. */
export const probe = (credentials: ActBlueCredentials, context: ConnectorContext): Promise<void> =>
  context.call(async ({ signal }) => {
    try {
      fieldsOf(
        await askApi(context, urlOf(context, `/${nobody}`), { headers: headersOf(credentials), signal }),
      );
    } catch (error) {
      if (!(error instanceof RefusedAnswer) || error.answer.status !== 404) throw error;
      fieldsOf(error.answer);
    }
  });
