/** ClientTether writes one thing in many ways: numbers as text, money with signs, nothing as "" or as a date of zeros. */
import { createHash } from 'node:crypto';
import { wallClockToUtc } from '../kit/types/wall-clock';
import type { Item } from './clienttether-api';

/** The first of these fields that holds something, as text. Objects hold nothing. */
export const textOf = (item: Item, ...names: string[]): string | null => {
  for (const name of names) {
    const value = item[name];
    if (typeof value === 'number' || typeof value === 'boolean') return String(value);
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  return null;
};

/** `$125,000.50` → `125000.50`, `75%` → `75`; what is no number stays, so that its row is rejected and seen. */
export const numberOf = (item: Item, ...names: string[]): string | null =>
  textOf(item, ...names)?.replace(/[$,%\s]/g, '') ?? null;

const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(.*))?$/;

const isoOf = (text: string): string => {
  const [, month = '', day = '', year = '', time = '00:00:00'] = american.exec(text) ?? [];
  if (year !== '') return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')} ${time}`;
  return /^\d{4}-\d\d-\d\d$/.test(text) ? `${text} 00:00:00` : text;
};

/** An instant, from the account's clock; what is no time stays as it is. */
export const timeOf = (item: Item, timeZone: string, ...names: string[]): string | null => {
  const text = textOf(item, ...names);
  if (text === null || text.startsWith('0000-00-00')) return null;
  return wallClockToUtc(isoOf(text), timeZone) ?? text;
};

export const nameOf = (
  item: Item,
  names: readonly string[],
  parts: readonly [string[], string[]],
): string | null =>
  textOf(item, ...names) ??
  ([textOf(item, ...parts[0]), textOf(item, ...parts[1])].filter(Boolean).join(' ') || null);

/** For records without an id of their own: the same for the same content. */
export const idByContent = (...values: (string | null)[]): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('hex').slice(0, 32);
