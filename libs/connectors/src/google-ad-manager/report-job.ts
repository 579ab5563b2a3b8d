/** Runs a report to its end: creates it, starts it, looks at it ever less often, and runs it again as a whole when it failed at Google. */
import { FreshetError } from '@freshet/contracts';
import type { ConnectorContext } from '../kit/context';
import type { AdManagerClient, ReportRun, ReportWish } from './ad-manager-client';

/** Google asks to look every five seconds at first, then ever less often. */
const firstLook = 5_000;
const longestWait = 60_000;
/** Together some half an hour. */
const mostLooks = 35;

const again = 'Nothing to do: the report is run again.';

/** google.rpc.Code of a run that ended without a result. */
const failureOf = ({ code, message }: { code: number; message: string }): FreshetError => {
  const said = message ? ` It says: ${message.slice(0, 300)}` : '';
  const cause = new Error(`Report failed with code ${code}: ${message}`);
  switch (code) {
    case 4:
      return tooLarge(cause);
    case 8:
      return new FreshetError('source_quota', `Google Ad Manager is out of room for reports.${said}`, {
        action: 'Nothing to do: reading goes on by itself.',
        cause,
      });
    case 7:
    case 16:
      return new FreshetError(
        'source_unauthorized',
        `Google Ad Manager does not let us run this report.${said}`,
        {
          action: 'Reconnect the source, with an account that may create reports in this network.',
          cause,
        },
      );
    case 3:
    case 9:
    case 11:
      return new FreshetError('source_refused', `Google Ad Manager could not run the report.${said}`, {
        action: 'Check in Ad Manager that this network has such reports; turn the stream off if it does not.',
        cause,
      });
    default:
      return new FreshetError('source_unreachable', `Google Ad Manager did not finish the report.${said}`, {
        action: again,
        cause,
      });
  }
};

const tooLarge = (cause?: Error): FreshetError =>
  new FreshetError('source_slice_too_large', 'Google Ad Manager took too long over the report.', {
    action: 'Nothing to do: fewer days are asked for at a time.',
    cause,
  });

const ended = async (client: AdManagerClient, run: ReportRun, context: ConnectorContext): Promise<string> => {
  let delay = firstLook;
  for (let looks = 0; looks < mostLooks; looks++) {
    await context.wait(delay);
    const { result, error } = await client.checkRun(run.name);
    if (error) throw new ReportFailed(failureOf(error));
    if (result !== null) return result;
    delay = Math.min(longestWait, Math.round(delay * 1.5));
  }
  throw tooLarge();
};

/** Tells a run that failed from a call that failed, which has been repeated already. */
class ReportFailed extends Error {
  constructor(readonly told: FreshetError) {
    super(told.message, { cause: told });
  }
}

/** Gives the name of the result. Throws `source_slice_too_large`, or what its calls throw. */
export const runReport = async (
  client: AdManagerClient,
  network: string,
  wish: ReportWish,
  context: ConnectorContext,
): Promise<string> => {
  const outcome = await context.retry<{ result: string } | { error: unknown }>(async () => {
    try {
      const report = await client.createReport(network, wish);
      return { result: await ended(client, await client.runReport(report), context) };
    } catch (error) {
      if (error instanceof ReportFailed) throw error.told;
      return { error };
    }
  });
  if ('result' in outcome) return outcome.result;
  throw outcome.error;
};
