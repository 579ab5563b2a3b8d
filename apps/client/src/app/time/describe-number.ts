/** Numbers in words: counts, sizes and shares, grouped and rounded the same everywhere. */

const grouped = new Intl.NumberFormat('en-GB');

/** "18,940". */
export const count = (n: number): string => grouped.format(n);

/** "1 row", "18,940 rows". */
export const counted = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;

/** "61 %", rounded down so that 100 % means done. */
export const percent = (share: number): string => `${Math.floor(share * 100)} %`;

/** "12.4 MB", powers of 1,000. */
export const bytes = (n: number): string => {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = n < 1_000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(n) / 3));
  const value = n / 1_000 ** step;
  return `${step === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
};
