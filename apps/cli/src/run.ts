/** Reads a command line, carries the command out, and says by its exit code how that went. */
import { parseArgs } from 'node:util';
import { ApiClient } from '@freshet/sdk';
import type { CommandLineEnv } from '@freshet/service-kit';
import { findAccess } from './access';
import { exitCodes, toFailure, usageFailure, type ExitCode } from './failures';
import { explainWhy } from './why/why-command';

export interface Terminal {
  print(text: string): void;
  complain(text: string): void;
  width: number;
  now(): Date;
}

export const help = `Usage: freshet why <model|chart> [options]

Says why a model or a chart is as it is: what it shows, what it waits for,
and which refreshes and sync runs led there. Names, titles and ids will do.

  --model, --chart    look for that kind alone
  --project <name>    only in this project (id, slug or name)
  --url <address>     where Freshet is           (or FRESHET_URL)
  --key <key>         the API key to call it by  (or FRESHET_API_KEY)
  --json              the whole answer as JSON
  --help              this text

Without address and key, the demo of this folder is asked (its demo.json in
FRESHET_DATA_DIR, .freshet by default).

Exit codes: 0 done, 1 failed, 2 not understood, 3 not found, 4 not allowed,
5 Freshet does not answer.`;

const widest = 100;
const narrowest = 40;

export async function run(
  args: readonly string[],
  env: CommandLineEnv,
  terminal: Terminal,
): Promise<ExitCode> {
  let url = '';
  try {
    const { values, command, name } = understand(args);
    if (values.help) {
      terminal.print(help);
      return exitCodes.done;
    }
    if (command !== 'why')
      throw usageFailure(command ? `There is no command "${command}".\n\n${help}` : help);
    if (name === undefined) throw usageFailure(`Which model or chart? Give its name.\n\n${help}`);
    const access = findAccess(values, env);
    ({ url } = access);
    const kind = values.model ? 'model' : values.chart ? 'chart' : undefined;
    const width = Math.min(widest, Math.max(narrowest, terminal.width));
    const options = { name, kind, project: values.project, json: values.json ?? false, width } as const;
    terminal.print(await explainWhy(new ApiClient(url, { apiKey: access.apiKey }), options, terminal.now()));
    return exitCodes.done;
  } catch (error) {
    const { message, exitCode } = toFailure(error, url);
    terminal.complain(message);
    return exitCode;
  }
}

function understand(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        url: { type: 'string' },
        key: { type: 'string' },
        project: { type: 'string' },
        model: { type: 'boolean' },
        chart: { type: 'boolean' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
    const [command, ...words] = positionals;
    // A title of several words needs no quotes.
    return { values, command, name: words.length > 0 ? words.join(' ') : undefined };
  } catch (error) {
    throw usageFailure(`${(error as Error).message.split('. ')[0]}.\n\n${help}`);
  }
}
