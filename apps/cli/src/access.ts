/** Where Freshet is and by which key it is called: from the options, the environment, or the demo that was started here. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CommandLineEnv } from '@freshet/service-kit';
import { z } from 'zod';
import { usageFailure } from './failures';

export interface Access {
  url: string;
  apiKey: string;
}

const demo = z.object({ url: z.string(), apiKey: z.string() });

/** Each by itself: a key of the environment goes with an address that was given. Throws a usage failure when one is missing. */
export function findAccess(
  given: { url?: string | undefined; key?: string | undefined },
  env: CommandLineEnv,
): Access {
  const url = given.url ?? env.FRESHET_URL;
  const apiKey = given.key ?? env.FRESHET_API_KEY;
  const started = url && apiKey ? null : readDemo(path.join(env.FRESHET_DATA_DIR, 'demo.json'));
  const found = { url: url ?? started?.url, apiKey: apiKey ?? keyOf(started, url) };
  if (!found.url || !found.apiKey)
    throw usageFailure(
      `${found.url ? 'No API key is' : 'No address of Freshet is'} known: give --url and --key, or set FRESHET_URL and FRESHET_API_KEY.`,
    );
  if (!URL.canParse(found.url))
    throw usageFailure(`"${found.url}" is no address: give one such as http://127.0.0.1:3000.`);
  return { url: withoutSlash(found.url), apiKey: found.apiKey };
}

/** The demo's key is for the demo alone: it is not sent to another address. */
const keyOf = (started: Access | null, url: string | undefined): string | undefined =>
  started && (url === undefined || withoutSlash(url) === withoutSlash(started.url))
    ? started.apiKey
    : undefined;

const withoutSlash = (url: string): string => url.replace(/\/+$/, '');

function readDemo(file: string): Access | null {
  try {
    return demo.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
