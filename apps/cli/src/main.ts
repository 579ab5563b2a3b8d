/** `freshet`, the command line of Freshet. */
import { readCommandLineEnv } from '@freshet/service-kit';
import { run } from './run';

process.exitCode = await run(process.argv.slice(2), readCommandLineEnv(), {
  print: (text) => process.stdout.write(`${text}\n`),
  complain: (text) => process.stderr.write(`${text}\n`),
  width: process.stdout.columns ?? 80,
  now: () => new Date(),
});
