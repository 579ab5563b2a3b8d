/** The Retry-After header (RFC 9110 §10.2.3): seconds, or a date. */

/** The moment it names, never before `now`; `null` when it is missing or can't be read. */
export const retryAfter = (header: string | undefined, now: Date): Date | null => {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return new Date(now.getTime() + Number(text) * 1_000);
  const at = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : new Date(Math.max(at, now.getTime()));
};
