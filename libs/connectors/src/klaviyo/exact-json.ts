/** JSON in which no number loses digits: those that a double can't keep become text. */

/** A double gives back up to 15 significant digits unchanged. */
const fitsDouble = (text: string): boolean => text.length <= 15 && !/[eE]/.test(text);

const mayHaveLongNumber = /[\d.]{15}|\d[eE]/;

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' && context?.source !== undefined && !fitsDouble(context.source)
    ? context.source
    : value;

/** Throws a SyntaxError. */
export const parseExactly = (text: string): unknown =>
  mayHaveLongNumber.test(text) ? (JSON.parse(text, keepDigits) as unknown) : (JSON.parse(text) as unknown);
