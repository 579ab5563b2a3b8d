/** Writes result cells for people. Exact numbers travel as strings and are formatted as such, so no digit is lost to floating point. */
import type { Cell, ChartOptions, Column } from '@freshet/contracts';
import { columnKind, isNumeric } from './column-kind';

export type ValueFormat = Pick<ChartOptions, 'format' | 'currency' | 'unit'>;

const locale = 'en';
/** A plain decimal; anything else (NaN, Infinity, text) is shown as it came. */
const decimal = /^[+-]?\d+(\.\d+)?$/;
export const missing = '–';

const formats = new Map<string, Intl.NumberFormat>();
const numberFormat = (options: Intl.NumberFormatOptions): Intl.NumberFormat => {
  const key = JSON.stringify(options);
  const known = formats.get(key) ?? new Intl.NumberFormat(locale, options);
  formats.set(key, known);
  return known;
};

const numberOptions = ({ format, currency }: ValueFormat, digits: number): Intl.NumberFormatOptions => {
  switch (format) {
    case 'integer':
      return { maximumFractionDigits: 0 };
    case 'percent':
      return { style: 'percent', maximumFractionDigits: 1 };
    case 'currency':
      return { style: 'currency', currency: currency ?? 'USD', currencyDisplay: 'narrowSymbol' };
    default:
      return { minimumFractionDigits: digits, maximumFractionDigits: digits };
  }
};

/** Digits after the point to show: all of an exact value's, at most 4 of a float's. */
const fractionDigits = (value: string | number): number => {
  const text = String(value);
  const fraction = /\.(\d+)$/.exec(text)?.[1]?.length ?? 0;
  return typeof value === 'string' ? Math.min(fraction, 20) : Math.min(fraction, 4);
};

/** `18940` → `18,940`; `"9007199254740993"` → `9,007,199,254,740,993`; with a unit → `12 ms`. */
export const formatNumber = (value: string | number, options: ValueFormat = {}): string => {
  if (typeof value === 'string' ? !decimal.test(value) : !Number.isFinite(value)) return String(value);
  const format = numberFormat(numberOptions(options, fractionDigits(value)));
  const text = format.format(value as Intl.StringNumericLiteral | number);
  return options.unit ? `${text} ${options.unit}` : text;
};

/** A short form for axes, where room is scarce: `71.2K`, `€1.3M`. */
export const formatAxisNumber = (value: number, { format, currency }: ValueFormat = {}): string => {
  if (format === 'percent') return numberFormat({ style: 'percent', maximumFractionDigits: 1 }).format(value);
  const money: Intl.NumberFormatOptions =
    format === 'currency'
      ? {
          style: 'currency',
          currency: currency ?? 'USD',
          currencyDisplay: 'narrowSymbol',
          minimumFractionDigits: 0,
        }
      : {};
  return numberFormat({ ...money, notation: 'compact', maximumFractionDigits: 1 }).format(value);
};

const two = (value: number): string => String(value).padStart(2, '0');

/** A moment in the browser's zone, to the minute (to the second when it has seconds). */
const formatMoment = (text: string): string => {
  const moment = new Date(text);
  if (Number.isNaN(moment.getTime())) return text;
  const day = `${String(moment.getFullYear())}-${two(moment.getMonth() + 1)}-${two(moment.getDate())}`;
  const seconds = moment.getSeconds() > 0 ? `:${two(moment.getSeconds())}` : '';
  return `${day} ${two(moment.getHours())}:${two(moment.getMinutes())}${seconds}`;
};

/** Columns whose whole numbers are names rather than amounts: nobody writes the year 2,008. */
const isLabel = /(^|_)(year|id|code|zip)$/i;

/** One cell as text; null is an en dash. */
export const formatCell = (
  cell: Cell | undefined,
  column: Column | undefined,
  options: ValueFormat = {},
): string => {
  if (cell === null || cell === undefined) return missing;
  const kind = columnKind(column?.type ?? 'text');
  if (kind === 'integer' && isLabel.test(column?.name ?? '')) return String(cell);
  if (isNumeric(kind) && (typeof cell === 'string' || typeof cell === 'number'))
    return formatNumber(cell, options);
  if (typeof cell === 'string')
    return kind === 'time' && /[zZ]|[+-]\d\d:?\d\d$/.test(cell) ? formatMoment(cell) : cell;
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  if (typeof cell === 'number') return formatNumber(cell, options);
  return JSON.stringify(cell);
};

/** A position on an axis, where the nearest float is good enough; null where there is no number. */
export const plotValue = (cell: Cell | undefined): number | null => {
  if (typeof cell === 'number') return Number.isFinite(cell) ? cell : null;
  if (typeof cell !== 'string' || !decimal.test(cell)) return null;
  return Number(cell);
};
