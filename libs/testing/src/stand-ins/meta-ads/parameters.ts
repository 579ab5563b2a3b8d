/** Parameters of a Graph request: in the query as text, in a POST's body as JSON, lists and objects as either. */
import { refuseAsMeta } from '../meta-identity/graph-error';
import type { VendorRequest } from '../stand-in';

export type Parameters = ReadonlyMap<string, unknown>;

export const invalid = (message: string): Error => refuseAsMeta({ code: 100, message: `(#100) ${message}` });

const bodyOf = ({ method, body }: VendorRequest): Record<string, unknown> => {
  if (method === 'GET' || body === '') return {};
  try {
    return JSON.parse(body) as Record<string, unknown>;
  } catch {
    return Object.fromEntries(new URLSearchParams(body));
  }
};

export const parametersOf = (request: VendorRequest): Parameters =>
  new Map<string, unknown>([...request.query, ...Object.entries(bodyOf(request))]);

/** What may be written as JSON text. */
export const decoded = (parameters: Parameters, name: string): unknown => {
  const value = parameters.get(name);
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value) as unknown;
  } catch {
    return value;
  }
};

/** `a,b` and `["a","b"]` are the same to Meta. */
export const listOf = (parameters: Parameters, name: string): string[] => {
  const value = decoded(parameters, name);
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' && value !== '' ? value.split(',').map((part) => part.trim()) : [];
};

export const limitOf = (parameters: Parameters): number => {
  const value = parameters.get('limit');
  if (value === undefined) return 25;
  const limit = Number(value);
  if (!Number.isInteger(limit) || limit < 1) throw invalid('Param limit must be an integer greater than 0');
  return limit;
};

/** "Reduce the amount of data": Meta answers with 500 and code 1, and means it. */
export const tooMuch = (): Error =>
  refuseAsMeta({
    status: 500,
    code: 1,
    message: "Please reduce the amount of data you're asking for, then retry your request",
  });
