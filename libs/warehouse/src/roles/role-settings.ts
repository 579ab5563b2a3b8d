/** What PostgreSQL holds project roles to by itself, whatever a service forgets. */
const safe = { search_path: 'pg_catalog', TimeZone: 'UTC', DateStyle: 'ISO, YMD', IntervalStyle: 'postgres' };

/** A reader's statements get a shorter timeout each; this is the ceiling when that is forgotten. */
export const readSettings: Record<string, string> = {
  ...safe,
  default_transaction_read_only: 'on',
  statement_timeout: '60s',
  lock_timeout: '2s',
  idle_in_transaction_session_timeout: '60s',
  work_mem: '32MB',
};

export const buildSettings: Record<string, string> = {
  ...safe,
  statement_timeout: '15min',
  lock_timeout: '10s',
  idle_in_transaction_session_timeout: '5min',
  work_mem: '128MB',
};

/** Settings that only a superuser may give: how much disk one session's sorts, hashes and recursions may take. */
export const privilegedReadSettings: Record<string, string> = { temp_file_limit: '2GB' };
export const privilegedBuildSettings: Record<string, string> = { temp_file_limit: '20GB' };

/** What one statement of a login may take; what is left out is as everywhere. */
export interface RoleLimits {
  statementTimeoutMs?: number;
  /** Memory of each sort and hash table. */
  workMemMb?: number;
  /** Temporary files of one session; holds only where the administrator may set it (see `hardenDatabase`). */
  tempFileMb?: number;
}

export const limitedSettings = ({ statementTimeoutMs, workMemMb }: RoleLimits): Record<string, string> => ({
  ...(statementTimeoutMs !== undefined && { statement_timeout: `${whole(statementTimeoutMs)}ms` }),
  ...(workMemMb !== undefined && { work_mem: `${whole(workMemMb)}MB` }),
});

export const limitedPrivilegedSettings = ({ tempFileMb }: RoleLimits): Record<string, string> =>
  tempFileMb === undefined ? {} : { temp_file_limit: `${whole(tempFileMb)}MB` };

/** To PostgreSQL 0 means no limit at all. */
const whole = (value: number): number => Math.max(1, Math.round(value));
