/** Money as Google Ads counts it, in millionths of the account's currency, as exact decimals. */

/** `1234567` → `1.234567`; works on the text, as an int64 of micros may be beyond what a double holds. Null stays null. */
export const fromMicros = (micros: unknown): string | null => {
  const [, sign = '', digits] = /^(-?)(\d+)$/.exec(String(micros ?? '')) ?? [];
  if (digits === undefined) return null;
  const padded = digits.padStart(7, '0');
  const fraction = padded.slice(-6).replace(/0+$/, '');
  return `${sign}${padded.slice(0, -6)}${fraction === '' ? '' : `.${fraction}`}`;
};
