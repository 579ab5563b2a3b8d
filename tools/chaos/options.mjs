/** What the command line of `npm run chaos` asks for. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';

import { Plain } from '../host/stop-with-sentence.mjs';

const SHAPE = {
  seed: { type: 'string' },
  minutes: { type: 'string' },
  each: { type: 'boolean', default: false },
};

/** `{seed, seconds, together}`; throws one sentence for what can't be meant. A seed is drawn when none is given. */
export function readOptions(args) {
  const { seed, minutes = '5', each } = parse(args);
  return {
    seed:
      seed === undefined ? randomInt(1, 1_000_000) : number('seed', seed, Number.isInteger, 'a whole number'),
    seconds: 60 * number('minutes', minutes, (value) => value > 0, 'a number above 0'),
    together: !each,
  };
}

function parse(args) {
  try {
    return parseArgs({ args, options: SHAPE }).values;
  } catch (error) {
    throw new Plain(error.message);
  }
}

function number(name, text, isMeant, meant) {
  const value = Number(text.replaceAll('_', ''));
  if (text.trim() !== '' && Number.isFinite(value) && isMeant(value)) return value;
  throw new Plain(`--${name} is "${text}", but must be ${meant}.`);
}
