/** Asks Meta's Graph API, request by request: in turn, with the headers of usage minded, and pages as cursors of our own. */
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext } from '../kit/context';
import { exchanging, type Answer, type Graph } from './meta-library';
import { minutesToWait } from './usage';

/** Ad accounts (`act_…`) that may not be asked before a time (epoch milliseconds), as Meta told any source of this process. */
const resting = new Map<string, number>();

const refuseWhileResting = (account: string, now: Date): void => {
  const until = resting.get(account) ?? 0;
  if (until > now.getTime()) {
    throw new FreshetError('source_quota', 'Almost all that Meta allows for this ad account is used up.', {
      action: 'Nothing to do: reading goes on by itself.',
      until: new Date(until),
    });
  }
  resting.delete(account);
};

export const changedMeanwhile = (what: string): FreshetError =>
  new FreshetError('source_changed', `Meta ${what}.`, { action: 'Nothing to do: this part is read again.' });

/** One request about an ad account, or about the person when it is null. */
export const ask = (
  context: ConnectorContext,
  account: string | null,
  operation: (graph: Graph) => Promise<Answer>,
): Promise<MetaRecord> =>
  context.call(async ({ signal, accessToken }) => {
    if (!accessToken) {
      throw new FreshetError('source_unauthorized', 'This source is not connected to Meta.', {
        action: 'Connect an account.',
      });
    }
    if (account !== null) refuseWhileResting(account, context.now());
    const { baseUrl } = context.settings;
    const { headers, ...record } = await exchanging({ accessToken, baseUrl, signal }, operation);
    const minutes = minutesToWait(headers);
    if (account !== null && minutes > 0) resting.set(account, context.now().getTime() + minutes * 60_000);
    return record;
  });

export type MetaRecord = Record<string, unknown>;

interface List {
  data: MetaRecord[];
  paging?: { cursors?: { after?: string }; next?: string };
}

/** Throws `source_changed` for the answer to another question, as a cache in between might give. */
const listIn = (answer: MetaRecord): List => {
  if (!Array.isArray(answer['data'])) throw changedMeanwhile('answered something else than a list');
  return answer as unknown as List;
};

export interface ReadPages {
  context: ConnectorContext;
  /** `act_…`, or null for lists of the person. */
  account: string | null;
  /** Rows of a page at first. */
  limit: number;
  /** Whether a smaller page may help where Meta finds too much asked for; otherwise the kit asks for fewer days. */
  halves: boolean;
  /** Of the list. */
  path: readonly string[];
  fields: readonly string[];
  parameters: Record<string, unknown>;
  /** Tells a row from all others. */
  identity(record: MetaRecord): string;
}

const fewest = 25;

/** All pages, one after the other. Throws `source_changed` when one comes twice, `source_slice_too_large` when even small ones are too much. */
export const readPages = async function* (reading: ReadPages): AsyncGenerator<MetaRecord[]> {
  const { context, account, identity } = reading;
  let { limit } = reading;
  let after: string | undefined;
  let before = '';
  for (;;) {
    const asked = {
      ...reading.parameters,
      fields: reading.fields.join(','),
      limit,
      ...(after !== undefined && { after }),
    };
    let page: List;
    try {
      page = listIn(await ask(context, account, ({ get }) => get(reading.path, asked)));
    } catch (error) {
      const isTooLarge = error instanceof FreshetError && error.code === 'source_slice_too_large';
      if (!isTooLarge || !reading.halves || limit <= fewest) throw error;
      limit = Math.max(fewest, Math.floor(limit / 2));
      continue;
    }
    const { data: records, paging } = page;
    const identities = records.map(identity).join();
    if (identities !== '' && identities === before) throw changedMeanwhile('gave the same page twice');
    before = identities;
    yield records;
    after = paging?.cursors?.after;
    // The next page's whole address is there, with the token in it; the cursor alone lets us send the token of that time.
    if (!paging?.next || after === undefined) return;
  }
};
