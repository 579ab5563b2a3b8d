/** Runs the groups of tests and adds up what they found. */
import { say } from '../host/progress.mjs';
import { redisProgram } from '../host/redis-program.mjs';
import { Plain } from '../host/stop-with-sentence.mjs';
import { chromiumProgram } from './chromium.mjs';
import { groups } from './groups.mjs';
import { sum, summaryLine } from './results.mjs';

/** Runs the groups named, all when none is. Returns the exit code. */
export async function runTests(names) {
  const unknown = names.find((name) => !(name in groups));
  if (unknown)
    throw new Plain(
      `There is no group "${unknown}" of tests: choose from ${Object.keys(groups).join(', ')}.`,
    );
  const chosen = names.length ? names : Object.keys(groups);
  const env = await testEnvironment(chosen);
  const rows = [];
  for (const name of chosen) {
    const { title, budget, run } = groups[name];
    say(`\n· ${title} …`);
    const started = Date.now();
    const counts = await run(env);
    rows.push({ name, budget, seconds: (Date.now() - started) / 1000, counts });
  }
  return tell(rows);
}

/** Only specs that need Redis or a browser make this look for one. */
async function testEnvironment(chosen) {
  const env = { ...process.env };
  if (chosen.some((name) => ['server', 'e2e'].includes(name))) {
    const redis = await redisProgram();
    if (redis.kind !== 'program')
      throw new Plain(
        'The tests start and kill Redis themselves, which needs redis-server or valkey-server on PATH: install one.',
      );
    env.FRESHET_REDIS_SERVER = redis.file;
  }
  if (chosen.includes('e2e')) {
    const chromium = await chromiumProgram();
    if (chromium) env.FRESHET_CHROMIUM = chromium;
    else
      say(
        '! Browser specs are skipped: there is no Chromium or Chrome here, and none can be installed without asking.',
      );
  }
  return env;
}

function tell(rows) {
  say('\n  group      seconds  budget');
  for (const { name, seconds, budget, counts } of rows) {
    const over = seconds > budget ? '  over its budget' : '';
    say(
      `  ${name.padEnd(9)} ${seconds.toFixed(1).padStart(8)} ${String(budget).padStart(7)}   ${summaryLine(counts)}${over}`,
    );
  }
  const total = sum(rows.map(({ counts }) => counts));
  say(`\n${summaryLine(total)}`);
  return total.failed ? 1 : 0;
}
