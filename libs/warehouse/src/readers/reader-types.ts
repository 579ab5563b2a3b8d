/** The shapes of running a query for a person. */

export interface ReaderOptions {
  connection: { host: string; port: number; database: string };
  installation: string;
  masterKey: string;
  /** Projects that may have connections at one time; the least recently used gives way. */
  maxPools: number;
  /** Connections of one project. `maxPools × poolSize` bounds them all. */
  poolSize: number;
  /** The highest planner's estimate that still runs, in PostgreSQL's cost units. */
  maxCost?: number;
  /** Bytes of all results that are being read at one time; large ones are broken off beyond it. 256 MB. */
  maxBytesTogether?: number;
  /** How long after its timeout a query is waited for when the server doesn't stop it. 5 s. */
  graceMs?: number;
}

export interface QueryLimits {
  /** Values of `$1`, `$2` …, as JSON. */
  params?: readonly unknown[];
  /** Rows beyond it are left out and `truncated` is set. */
  maxRows: number;
  /** Bytes that may arrive from PostgreSQL before the query is broken off (`result_too_large`). */
  maxBytes: number;
  timeoutMs: number;
}

export interface ResultColumn {
  name: string;
  /** As PostgreSQL writes it: `bigint`, `numeric(10,2)`, `timestamp with time zone`, `text[]`. */
  type: string;
}

export interface QueryResult {
  columns: ResultColumn[];
  rows: unknown[][];
  truncated: boolean;
}

/** The planner's view of a query, before it runs. */
export interface QueryEstimate {
  /** PostgreSQL's cost units. */
  cost: number;
  rows: number;
  /** Of the step of the plan that has most of them: what a join makes before it is aggregated. */
  widest: number;
  /** The plan wants parallel workers. */
  parallel: boolean;
}
