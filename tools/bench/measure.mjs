/** One run of the benchmarks: starts what they need, lets them measure, tells and writes down what came out. */
import { bundledProgram } from '../build/e2e-bundle.mjs';
import { say } from '../host/progress.mjs';
import { readOptions } from './options.mjs';
import { goalOf, machine, tableOf, verdictOf, writeReport } from './report.mjs';
import { benchServers } from './servers.mjs';

/** Returns the exit code: 0 also when goals are missed, as this measures; 1 when a case could not be measured. */
export async function measure(args) {
  const { cases, runBench } = await bundledProgram('bench');
  const options = readOptions(args, Object.keys(cases));
  const before = machine();
  const startedAt = new Date();
  const servers = benchServers();
  const close = closeOnSignals(servers);
  try {
    const outcomes = await runBench({
      ...options,
      ...(await servers.open()),
      announce: (name) => say(`· ${name} …`),
      tell: (outcome) => {
        const { value, met } = verdictOf(outcome);
        say(`  ${value}  (goal ${goalOf(outcome.goal)}; met: ${met})  ${outcome.error ?? outcome.detail}`);
      },
    });
    const took = (Date.now() - startedAt.getTime()) / 1000;
    say(`\n${tableOf(outcomes)}\n`);
    const file = writeReport({ startedAt, seconds: took, ...options, machine: before, outcomes });
    say(sentenceOf(outcomes));
    say(
      `${Math.round(took)} s on ${before.cores} cores at a load of ${before.loadAverage[0]}. Written to ${file}.`,
    );
    return outcomes.some(({ error }) => error) ? 1 : 0;
  } finally {
    await close();
  }
}

function sentenceOf(outcomes) {
  const missed = outcomes.filter(({ met }) => met === false).length;
  const failed = outcomes.filter(({ error }) => error).length;
  const met = outcomes.length - missed - failed;
  return `${met} of ${outcomes.length} goals met${missed ? `, ${missed} missed` : ''}${failed ? `, ${failed} could not be measured` : ''}.`;
}

/** Returns a function that closes the servers once, whoever asks first. */
function closeOnSignals(servers) {
  let closed;
  const close = () => (closed ??= servers.close());
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => void close().then(() => process.exit(130)));
  return close;
}
