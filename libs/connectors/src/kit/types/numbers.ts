/** What counts as a number in text, and how large a type can hold. */

const integerPattern = /^-?(?:0|[1-9]\d*)$/;
const decimalPattern = /^-?(?:0|[1-9]\d*)?\.\d+$/;
const exponentPattern = /^-?(?:0|[1-9]\d*)(?:\.\d+)?[eE][+-]?\d{1,3}$/;

/** PostgreSQL holds many more digits; text this long is no measure of anything. */
const maxLength = 1_000;
const least = -(2n ** 63n);
const most = 2n ** 63n - 1n;

/** No plus sign and no leading zeros: those are phone numbers and ids, which stay text. */
export const isInteger = (text: string): boolean => text.length <= maxLength && integerPattern.test(text);

export const isDecimal = (text: string): boolean => text.length <= maxLength && decimalPattern.test(text);

/** In scientific notation, and within the range of a double (`1e-400` would turn into 0). */
export const isExponent = (text: string): boolean => {
  if (text.length > maxLength || !exponentPattern.test(text)) return false;
  const value = Number(text);
  return Number.isFinite(value) && (value !== 0 || !/[1-9].*[eE]/.test(text));
};

/** Takes an integer's text. */
export const isInt64 = (text: string): boolean => {
  if (text.length <= 18) return true;
  if (text.length > 20) return false;
  const value = BigInt(text);
  return value >= least && value <= most;
};
