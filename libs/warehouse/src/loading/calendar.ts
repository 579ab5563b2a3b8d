/** Checks dates and times as text without making `Date` objects, since that runs for each cell of millions. */

const digits = (text: string, at: number): number =>
  (text.charCodeAt(at) - 48) * 10 + text.charCodeAt(at + 1) - 48;
const daysIn = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

const isDay = (text: string): boolean => {
  const year = digits(text, 0) * 100 + digits(text, 2);
  const month = digits(text, 5);
  const day = digits(text, 8);
  if (year < 1 || month < 1 || month > 12 || day < 1) return false;
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return day <= (month === 2 && leap ? 29 : (daysIn[month - 1] ?? 0));
};

const dateShape = /^\d{4}-\d\d-\d\d$/;
/** `YYYY-MM-DD` that exists in the Gregorian calendar, years 1 to 9999. */
export const isDate = (text: string): boolean => dateShape.test(text) && isDay(text);

const timestampShape =
  /^\d{4}-\d\d-\d\d(?:[Tt ](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,9})?)?(?: ?(?:[Zz]|[+-](?:0\d|1[0-5])(?::?[0-5]\d)?))?)?$/;
/** ISO 8601 with a date, optionally a time, and after a time optionally a zone. */
export const isTimestamp = (text: string): boolean => timestampShape.test(text) && isDay(text);
