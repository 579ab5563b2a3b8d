/** Reads insights of a slice of days: at once where it is short, by a report run where it is long. */
import { FreshetError } from '@freshet/contracts';
import type { Slice } from '../kit/connector';
import type { ConnectorContext } from '../kit/context';
import { nodeOf, numberOf, type Config } from './config';
import { ask, changedMeanwhile, readPages, type MetaRecord } from './meta-api';

export interface InsightsRequest {
  level: 'ad' | 'campaign';
  fields: readonly string[];
  breakdowns: readonly string[];
  /** Tells a row from all others of the slice. */
  key: readonly string[];
}

const dayLength = 86_400_000;
const daysOf = ({ from = '', to = '' }: Slice): number => (Date.parse(to) - Date.parse(from)) / dayLength;

/** Longer slices would take too long to be answered at once. */
const daysAtOnce = 7;

/** The last day is included, as Meta has it. */
const rangeOf = ({ from = '', to = '' }: Slice): { since: string; until: string } => ({
  since: from,
  until: new Date(Date.parse(`${to}T00:00:00Z`) - dayLength).toISOString().slice(0, 10),
});

const parametersOf = ({ level, breakdowns }: InsightsRequest, slice: Slice): Record<string, unknown> => ({
  level,
  time_range: rangeOf(slice),
  time_increment: 1,
  ...(breakdowns.length > 0 && { breakdowns }),
});

const rowsInPage = 500;

export const readInsights = async function* (
  request: InsightsRequest,
  config: Config,
  slice: Slice,
  context: ConnectorContext,
): AsyncGenerator<MetaRecord[]> {
  const account = nodeOf(config);
  const parameters = parametersOf(request, slice);
  const isLong = daysOf(slice) > daysAtOnce;
  const run = isLong ? await reportRun(request, account, parameters, context) : null;
  const pages = readPages({
    context,
    account,
    limit: rowsInPage,
    // A shorter slice helps more than a smaller page, where it can be shorter.
    halves: daysOf(slice) <= 1,
    path: [run ?? account, 'insights'],
    fields: request.fields,
    parameters: run === null ? parameters : {},
    identity: (record) => request.key.map((name) => String(record[name])).join(' '),
  });
  const expected = numberOf(config.adAccount);
  const { since, until } = rangeOf(slice);
  for await (const records of pages) {
    for (const record of records) {
      const day = String(record['date_start']);
      const isOurs =
        record['account_id'] === expected && day >= since && day <= until && day === record['date_stop'];
      if (!isOurs || request.key.some((name) => record[name] === undefined))
        throw changedMeanwhile('answered with other days');
    }
    yield records;
  }
};

const firstPause = 2_000;
const longestPause = 30_000;
const longestRun = 30 * 60_000;

/** Starts a report run and waits until it is done; gives its number. */
const reportRun = async (
  { fields }: InsightsRequest,
  account: string,
  parameters: Record<string, unknown>,
  context: ConnectorContext,
): Promise<string> => {
  const started = await ask(context, account, ({ post }) =>
    post([account, 'insights'], { ...parameters, fields: fields.join(',') }),
  );
  const id = String(started['report_run_id'] ?? '');
  if (!/^\d+$/.test(id)) throw changedMeanwhile('answered with something other than a report');
  const begun = context.now().getTime();
  for (
    let pause = firstPause;
    context.now().getTime() - begun < longestRun;
    pause = Math.min(longestPause, pause * 2)
  ) {
    await context.wait(pause);
    const state = await ask(context, account, ({ get }) =>
      get([id], { fields: 'async_status,async_percent_completion' }),
    );
    if (state['id'] !== id) throw changedMeanwhile('answered with something other than our report');
    const status = String(state['async_status']);
    if (status === 'Job Completed') return id;
    if (status === 'Job Failed' || status === 'Job Skipped') {
      throw new FreshetError('source_slice_too_large', 'Meta could not finish a report over so many days.', {
        action: 'Nothing to do: fewer days are asked for at a time.',
      });
    }
  }
  throw new FreshetError('source_unreachable', 'Meta did not finish a report within half an hour.', {
    action: 'Try again later.',
  });
};
