/** What the command line of `npm run chaos` asks for. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

import { Plain } from '../host/stop-with-sentence.mjs';

const SHAPE = {
  seed: { type: 'string' },
  minutes: { type: 'string' },
  each: { type: 'boolean', default: false },
  connectors: { type: 'boolean', default: false },
  kills: { type: 'string' },
  days: { type: 'string' },
};

/**
 * `{seed, seconds, together}`, or with `--connectors` `{seed, connectors: [type], kills, days}`, where no type stands for all; throws one
 * sentence for what can't be meant. A seed is drawn when none is given.
 */
export function readOptions(args) {
  const { values, positionals } = parse(args);
  const { minutes = '5', each, connectors, kills = '30', days = '90' } = values;
  const seed =
    values.seed === undefined
      ? randomInt(1, 1_000_000)
      : number('seed', values.seed, Number.isInteger, 'a whole number');
  if (connectors) {
    const isCount = (value) => Number.isInteger(value) && value > 0;
    return {
      seed,
      connectors: positionals,
      kills: number('kills', kills, isCount, 'a whole number above 0'),
      days: number('days', days, isCount, 'a whole number above 0'),
    };
  }
  if (positionals.length)
    throw new Plain(`What is meant by "${positionals[0]}"? Connectors are named after --connectors.`);
  return {
    seed,
    seconds: 60 * number('minutes', minutes, (value) => value > 0, 'a number above 0'),
    together: !each,
  };
}

function parse(args) {
  try {
    return parseArgs({ args, options: SHAPE, allowPositionals: true });
  } catch (error) {
    throw new Plain(error.message);
  }
}

function number(name, text, isMeant, meant) {
  const value = Number(text.replaceAll('_', ''));
  if (text.trim() !== '' && Number.isFinite(value) && isMeant(value)) return value;
  throw new Plain(`--${name} is "${text}", but must be ${meant}.`);
}
