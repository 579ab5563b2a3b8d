/** What the command line of `npm run bench` asks for. */
import { parseArgs } from 'node:util';

import { Plain } from '../host/stop-with-sentence.mjs';

const SHAPE = { rows: { type: 'string' }, rounds: { type: 'string' } };

/** `{rows, rounds, only}`; throws one sentence for what can't be meant. */
export function readOptions(args, caseNames) {
  const { values, positionals } = parse(args);
  const unknown = positionals.find((name) => !caseNames.includes(name));
  if (unknown) throw new Plain(`There is no case "${unknown}": choose from ${caseNames.join(', ')}.`);
  return {
    rows: wholeNumber('rows', values.rows ?? '1000000', 1_000),
    rounds: wholeNumber('rounds', values.rounds ?? '3', 1),
    only: positionals,
  };
}

function parse(args) {
  try {
    return parseArgs({ args, options: SHAPE, allowPositionals: true });
  } catch (error) {
    throw new Plain(error.message);
  }
}

function wholeNumber(name, value, least) {
  const number = Number(value.replaceAll(/[_,]/g, ''));
  if (Number.isInteger(number) && number >= least) return number;
  throw new Plain(`--${name} is "${value}", but must be a whole number from ${least} on.`);
}
