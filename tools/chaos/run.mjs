/** One run of chaos: builds what it tortures, runs, tells and writes down what came out. */
import { bundledProgram } from '../build/e2e-bundle.mjs';
import { buildServices } from '../build/build-services.mjs';
import { whileOthersWait } from '../host/install-packages.mjs';
import { say, step } from '../host/progress.mjs';
import { redisProgram } from '../host/redis-program.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { buildVerify } from '../verify/run-verify.mjs';
import { readOptions } from './options.mjs';
import { quotaTable, stormTable, tableOf, writeReport } from './report.mjs';

/** Returns the exit code: 0 when nothing was found. */
export async function run(args) {
  const options = readOptions(args);
  const redis = await redisProgram();
  if (redis.kind !== 'program')
    throw new Plain(
      'Redis is killed and started again here, which needs redis-server or valkey-server on PATH.',
    );
  process.env.FRESHET_REDIS_SERVER = redis.file;
  await whileOthersWait(() => step('Building the services', buildServices, { quick: true }));
  if (options.quota) return readUnderQuotas(options.quota);
  return options.connectors ? stormConnectors(options) : tortureAll(options);
}

/** A sync of each connector, killed again and again while its vendor misbehaves. */
async function stormConnectors({ seed, connectors, kills, days }) {
  const { connectorStorms, connectorTypes } = await bundledProgram('connectors');
  const unknown = connectors.find((type) => !connectorTypes.includes(type));
  if (unknown)
    throw new Plain(`There is no connector "${unknown}": choose from ${connectorTypes.join(', ')}.`);
  const types = connectors.length ? connectors : connectorTypes;
  const reports = await connectorStorms(types, { seed, kills, days, tell: (what) => say(`  ${what}`) });
  say(`\n${stormTable(reports)}\n`);
  const differing = reports.filter(({ differences }) => differences.length);
  for (const { type, differences } of differing) say(`✗ ${type}: ${JSON.stringify(differences)}`);
  say(
    differing.length ? 'Tables differ from the truth.' : 'Every table is the vendor’s truth, to the digit.',
  );
  return differing.length ? 1 : 0;
}

/** Days of many properties, under Google's standard quotas, on clocks that run faster. */
async function readUnderQuotas({ reports, ...options }) {
  const { readUnderQuotas: read, reportNames } = await bundledProgram('quota');
  const unknown = reports.find((name) => !reportNames.includes(name));
  if (unknown) throw new Plain(`There is no report "${unknown}": choose from ${reportNames.join(', ')}.`);
  const tell = (what) => say(`  ${what}`);
  const report = await read({ ...options, reports: reports.length ? reports : reportNames, tell });
  say(`\n${quotaTable(report)}\n`);
  const { differences, failed } = report;
  if (differences.length) say(`✗ ${JSON.stringify(differences)}`);
  if (failed) say(`✗ ${failed} runs failed.`);
  if (differences.length || failed) return 1;
  say('All went on by itself, and every table is what the vendor shows.');
  return 0;
}

async function tortureAll({ seed, seconds, together }) {
  await whileOthersWait(buildVerify);
  const { chaos } = await bundledProgram('chaos');
  say(`Chaos for ${seconds / 60} min by seed ${seed}`);
  const startedAt = new Date();
  const report = await chaos({ seed, seconds, together, verify: true, tell: say });
  say(`\n${tableOf(report)}\n`);
  const file = writeReport({ startedAt, ...report });
  for (const { at, what } of report.findings) say(`✗ ${at}  ${what}`);
  const found = report.findings.length;
  say(
    `${found ? `${found} findings` : 'Nothing was lost, doubled or mixed'}. Repeat it by --seed ${seed} --minutes ${seconds / 60}. Written to ${file}.`,
  );
  return found ? 1 : 0;
}
