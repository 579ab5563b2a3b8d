/** The command line of `npm run verify`. */
import { FreshetError } from '@freshet/contracts';
import { parseArgs } from 'node:util';
import type { VerifyOptions } from './verify';

export interface CommandLine extends VerifyOptions {
  json: boolean;
  help: boolean;
  /** Looks again and again, for so many milliseconds at most, while anything is found or pending. */
  wait: number;
}

export const usage = `npm run verify [-- options]

  --project ID|SLUG   only this project
  --since TIME        only what ended since: 2026-01-31, 2026-01-31T12:00Z, or 90m, 24h, 7d ago
  --recompute N       computes at most N models of each project anew, the latest first (default: all)
  --no-recompute      reads no stream tables and versions, only records
  --timeout SECONDS   for each statement over tables (default: 120)
  --settled           nothing is meant to be under way: what is not done yet is a finding
  --wait SECONDS      looks again until nothing is found and nothing is pending, so long at most
  --json              the whole report as JSON

Exit code: 0 nothing found, 1 findings, 2 something could not be checked.`;

const flags = {
  project: { type: 'string' },
  since: { type: 'string' },
  recompute: { type: 'string' },
  'no-recompute': { type: 'boolean', default: false },
  timeout: { type: 'string', default: '120' },
  settled: { type: 'boolean', default: false },
  wait: { type: 'string', default: '0' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

/** Throws `invalid_input` with a sentence. @param now epoch milliseconds */
export const readOptions = (args: readonly string[], now: number): CommandLine => {
  const { values } = parse(args);
  return {
    project: values.project ?? null,
    since: values.since === undefined ? 0 : momentOf(values.since, now),
    recompute: values['no-recompute']
      ? null
      : values.recompute === undefined
        ? Infinity
        : numberOf('--recompute', values.recompute),
    scanTimeout: 1_000 * numberOf('--timeout', values.timeout),
    settled: values.settled,
    wait: 1_000 * numberOf('--wait', values.wait),
    json: values.json,
    help: values.help,
  };
};

const parse = (args: readonly string[]) => {
  try {
    return parseArgs({ args: [...args], options: flags });
  } catch (error) {
    throw new FreshetError('invalid_input', `${(error as Error).message}\n\n${usage}`);
  }
};

const numberOf = (name: string, text: string): number => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new FreshetError('invalid_input', `${name} must be a whole number, and "${text}" is none.`);
};

const units: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

const momentOf = (text: string, now: number): number => {
  const ago = /^(\d+)([mhd])$/.exec(text);
  if (ago) return now - Number(ago[1]) * (units[ago[2] ?? ''] ?? 0);
  const moment = Date.parse(text);
  if (Number.isNaN(moment)) {
    throw new FreshetError(
      'invalid_input',
      `--since must be a time such as 2026-01-31T12:00Z, or 90m, 24h, 7d; "${text}" is neither.`,
    );
  }
  return moment;
};
