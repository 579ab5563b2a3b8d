/** `npm run verify`: proves over live data that nothing was lost, doubled or mixed; reads only. */
import { setTimeout as wait } from 'node:timers/promises';
import { toFreshetError } from '@freshet/contracts';
import { installationName } from '@freshet/persistence';
import { baseEnv, EnvironmentError, readEnv } from '@freshet/service-kit';
import { readOptions, usage, type CommandLine } from './options';
import { describeReport, verdictOf } from './report';
import { verify, type Installation, type Report } from './verify';

const betweenLooks = 1_000;

const lookUntilSettled = async (from: Installation, options: CommandLine): Promise<Report> => {
  const last = Date.now() + options.wait;
  for (;;) {
    const report = await verify(from, options);
    const { violated, pending, failures } = verdictOf(report);
    if (violated + pending + failures === 0 || Date.now() >= last) return report;
    await wait(betweenLooks);
  }
};

const run = async (): Promise<number> => {
  const options = readOptions(process.argv.slice(2), Date.now());
  if (options.help) {
    console.log(usage);
    return 0;
  }
  const env = readEnv(baseEnv);
  const report = await lookUntilSettled(
    {
      databaseUrl: env.DATABASE_URL,
      installation: installationName(env),
      masterKey: env.FRESHET_MASTER_KEY,
      maxWait: env.FRESHET_MAX_WAIT_MS,
    },
    options,
  );
  const verdict = verdictOf(report);
  console.log(options.json ? JSON.stringify({ ...verdict, ...report }, null, 2) : describeReport(report));
  return verdict.exitCode;
};

run().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const sentences =
      error instanceof EnvironmentError ? error.sentences : [toFreshetError(error).message, causeOf(error)];
    for (const sentence of sentences.filter(Boolean)) console.error(`verify: ${sentence}`);
    process.exitCode = 2;
  },
);

function causeOf(error: unknown): string {
  const { cause = error } = error as Error;
  return cause instanceof Error && cause.message !== toFreshetError(error).message ? cause.message : '';
}
