/** How one REST call is declared. */
import type { z } from 'zod';

export interface Route {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Whole path; parameters as `:name`. */
  path: string;
  summary: string;
  tag: string;
  /** Who may call: anybody, a signed-in principal (default), or an operator. */
  access?: 'anybody' | 'operator';
  body?: z.ZodType;
  query?: z.ZodType;
  response?: z.ZodType;
  /** HTTP status of success; 200, or 204 without a response. */
  status?: number;
  /** Needs `If-Match: <revision>` and answers 412 when that is not the current one. */
  ifMatch?: boolean;
}
