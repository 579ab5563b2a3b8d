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
  quota: { type: 'boolean', default: false },
  properties: { type: 'string', default: '20' },
  factor: { type: 'string', default: '240' },
  price: { type: 'string', default: '40' },
};

/**
 * `{seed, seconds, together}`; with `--connectors` `{seed, connectors: [type], kills, days}`, where no type stands for all; with `--quota`
 * `{quota: {properties, days, reports, factor, priceFactor}}`, where no report stands for all. Throws one sentence for what can't be
 * meant. A seed is drawn when none is given.
 */
export function readOptions(args) {
  const { values, positionals } = parse(args);
  if (values.quota) return { quota: readQuota(values, positionals) };
  const { minutes = '5', each, connectors, kills = '30', days = '90' } = values;
  const seed =
    values.seed === undefined
      ? randomInt(1, 1_000_000)
      : number('seed', values.seed, Number.isInteger, 'a whole number');
  if (connectors) {
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

const isCount = (value) => Number.isInteger(value) && value > 0;

function readQuota({ days = '365', ...values }, reports) {
  const count = (name) => number(name, values[name], isCount, 'a whole number above 0');
  return {
    properties: count('properties'),
    days: number('days', days, isCount, 'a whole number above 0'),
    reports,
    factor: count('factor'),
    priceFactor: count('price'),
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
