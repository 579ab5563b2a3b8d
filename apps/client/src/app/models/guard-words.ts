/** Guards in words, for lists of them. */
import type { Guard } from '@freshet/contracts';

export const guardNames: Record<Guard['kind'], string> = {
  unique: 'Unique',
  not_null: 'Never null',
  not_empty: 'At least one row',
  range: 'Within a range',
  accepted_values: 'Only accepted values',
  row_change: 'Row count may change by',
  sql: 'Query without rows',
};

/** `Within a range: roas in 0 … 50`. */
export const guardSentence = (guard: Guard): string => {
  const columns = (guard.columns ?? []).join(', ');
  const details: Partial<Record<Guard['kind'], string>> = {
    unique: columns,
    not_null: columns,
    range: `${columns} in ${guard.min === undefined ? '…' : String(guard.min)} to ${guard.max === undefined ? '…' : String(guard.max)}`,
    accepted_values: `${columns} one of ${(guard.values ?? []).map(String).join(', ')}`,
    row_change: `at most ${String(guard.percent ?? 0)} %`,
    sql: guard.sql ?? '',
  };
  const detail = details[guard.kind];
  return detail ? `${guardNames[guard.kind]}: ${detail}` : guardNames[guard.kind];
};
