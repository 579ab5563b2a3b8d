/** PostgreSQL reads 'now', 'today', 'tomorrow' and 'yesterday' as dates, in constants and in parameters alike. */
export const mentionsClock = (value: unknown): boolean =>
  typeof value === 'string' && value.length < 100 && /\b(now|today|tomorrow|yesterday)\b/i.test(value);
