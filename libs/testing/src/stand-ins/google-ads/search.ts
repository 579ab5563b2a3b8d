/** The two ways of asking: `search` by pages, and `searchStream` in one long answer. */
import { googleError } from '../google-identity/google-error';
import { Refusal, type VendorAnswer } from '../stand-in';
import type { ControlState } from './controls';
import { failure, refuseAds, refuseQuery } from './failure';
import { parseQuery } from './gaql';
import { camelCase, runQuery, type AdsRow } from './run-query';
import type { View } from './subjects';

export interface Asked {
  customerId: string;
  /** Of the request. */
  body: string;
  pageSize: number;
  state: ControlState;
  /** The account's data; at another moment for a page token of that time. */
  viewAt(time: number): View;
  now: number;
}

const invalidJson = (message: string): never => {
  throw new Refusal(
    googleError('INVALID_ARGUMENT', `Invalid JSON payload received. ${message}`, [
      { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ description: message }] },
    ]),
  );
};

/** The fields of a JSON request, which may be written in either case. */
const fieldsOf = (body: string, allowed: readonly string[]): Record<string, unknown> => {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return invalidJson('Unexpected token.');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    return invalidJson('Root element must be a message.');
  const fields = Object.fromEntries(
    Object.entries(json).map(([name, value]) => [camelCase(name), value as unknown]),
  );
  const unknown = Object.keys(fields).find((name) => !allowed.includes(name));
  return unknown === undefined ? fields : invalidJson(`Unknown name "${unknown}": Cannot find field.`);
};

const queryOf = (fields: Record<string, unknown>): string =>
  typeof fields['query'] === 'string' && fields['query'].trim() !== ''
    ? fields['query']
    : refuseAds(
        'INVALID_ARGUMENT',
        'requestError',
        'REQUIRED_FIELD_MISSING',
        "Required field 'query' was not set.",
      );

const maskOf = (query: string): string => parseQuery(query).select.map(camelCase).join(',');

interface PageToken {
  query: string;
  customerId: string;
  offset: number;
  /** When the first page was asked for: later pages show the same data. */
  at: number;
  counted: boolean;
  generation: number;
}

const write = (token: PageToken): string => Buffer.from(JSON.stringify(token)).toString('base64url');

const read = (text: string, { customerId, state }: Asked, query: string): PageToken => {
  const broken = (): never =>
    refuseAds('INVALID_ARGUMENT', 'requestError', 'INVALID_PAGE_TOKEN', 'Page token is invalid.');
  let token: PageToken;
  try {
    token = JSON.parse(Buffer.from(text, 'base64url').toString()) as PageToken;
  } catch {
    return broken();
  }
  if (token.query !== query || token.customerId !== customerId) return broken();
  if (token.generation === state.generation) return token;
  return refuseAds('INVALID_ARGUMENT', 'requestError', 'EXPIRED_PAGE_TOKEN', 'Page token has expired.');
};

const internal = (code: string): VendorAnswer =>
  failure('INTERNAL', { errorCode: { internalError: code }, message: 'An internal error has occurred.' });

const settingsOf = (fields: Record<string, unknown>): { counts: boolean } => {
  const settings = fields['searchSettings'] ?? {};
  const named = fieldsOf(JSON.stringify(settings), [
    'omitResults',
    'returnSummaryRow',
    'returnTotalResultsCount',
  ]);
  if (named['omitResults'] === true || named['returnSummaryRow'] === true)
    refuseQuery('QUERY_ERROR', 'The sandbox gives no summary rows.');
  return { counts: named['returnTotalResultsCount'] === true };
};

export const search = (asked: Asked): VendorAnswer => {
  const { state, pageSize } = asked;
  const fields = fieldsOf(asked.body, [
    'query',
    'pageToken',
    'pageSize',
    'validateOnly',
    'searchSettings',
    'customerId',
  ]);
  if (fields['pageSize'] !== undefined)
    refuseAds(
      'INVALID_ARGUMENT',
      'requestError',
      'PAGE_SIZE_NOT_SUPPORTED',
      'Setting the page size is not supported. Search responses have a fixed page size of 10,000 rows.',
    );
  const query = queryOf(fields);
  const { counts } = settingsOf(fields);
  const given =
    typeof fields['pageToken'] === 'string' && fields['pageToken'] !== '' ? fields['pageToken'] : null;
  const token = given === null ? null : read(given, asked, query);
  if (token && counts && !token.counted)
    refuseAds(
      'INVALID_ARGUMENT',
      'requestError',
      'TOTAL_RESULTS_COUNT_NOT_ORIGINALLY_REQUESTED',
      'The total results count was not requested with the first page.',
    );
  const parsed = parseQuery(query);
  const at = token?.at ?? asked.now;
  const all = runQuery(parsed, asked.viewAt(at));
  const limited = all.slice(0, parsed.limit ?? all.length);
  const offset = token?.offset ?? 0;
  const page = limited.slice(offset, offset + pageSize);
  const end = offset + page.length;
  const next: PageToken = {
    query,
    customerId: asked.customerId,
    offset: end,
    at,
    counted: counts,
    generation: state.generation,
  };
  const body = (results: AdsRow[]): Record<string, unknown> => ({
    ...(results.length > 0 && { results }),
    ...(end < limited.length && { nextPageToken: write(next) }),
    ...(counts && all.length > 0 && { totalResultsCount: String(all.length) }),
    fieldMask: maskOf(query),
    queryResourceConsumption: String(100 + page.length),
  });
  const oddity = state.nextOddity();
  switch (oddity) {
    case undefined:
      return { status: 200, body: body(page) };
    case 'partial error':
      return { status: 200, body: [body(half(page)), internal('INTERNAL_ERROR').body] };
    case 'lost rows':
      return { status: 200, body: body(half(page)) };
    case 'cut JSON':
      return cut(body(page));
    default:
      return internal(oddity);
  }
};

const half = (rows: AdsRow[]): AdsRow[] => rows.slice(0, Math.floor(rows.length / 2));

const cut = (body: unknown): VendorAnswer => {
  const text = JSON.stringify(body);
  const headers = { 'content-type': 'application/json; charset=UTF-8' };
  return { status: 200, body: text.slice(0, Math.floor(text.length / 2)), headers };
};

export const searchStream = (asked: Asked): VendorAnswer => {
  const { state, pageSize } = asked;
  const query = queryOf(fieldsOf(asked.body, ['query', 'summaryRowSetting', 'customerId']));
  const parsed = parseQuery(query);
  const all = runQuery(parsed, asked.viewAt(asked.now)).slice(0, parsed.limit ?? undefined);
  const chunks: unknown[] = [];
  for (let at = 0; at === 0 || at < all.length; at += pageSize) {
    const results = all.slice(at, at + pageSize);
    chunks.push({
      ...(results.length > 0 && { results }),
      fieldMask: maskOf(query),
      requestId: `stream-${at}`,
    });
  }
  switch (state.nextOddity()) {
    case undefined:
      return { status: 200, body: chunks };
    case 'cut JSON':
      return cut(chunks);
    default:
      return {
        status: 200,
        body: [{ results: half(all), fieldMask: maskOf(query) }, internal('INTERNAL_ERROR').body],
      };
  }
};
