/** The structured log of a service: JSON lines on standard output, without secrets. */
import { toFreshetError } from '@freshet/contracts';
import { pino, type DestinationStream, type Logger } from 'pino';

export type Log = Logger;

/** Injection token of the service's `Log`. */
export const LOG = Symbol('log');

const secretNames = [
  'password',
  'newPassword',
  'credentials',
  'token',
  'accessToken',
  'refreshToken',
  'secret',
  'clientSecret',
  'key',
  'apiKey',
  'masterKey',
  'authorization',
  'cookie',
  '["set-cookie"]',
  '["x-api-key"]',
];

/** Where secrets would stand in what we log: at the top, in a body or config, in a request's or response's headers. */
const redactedPaths = secretNames.flatMap((name) => {
  const tail = name.startsWith('[') ? name : `.${name}`;
  return [name, `*${tail}`, `req.headers${tail}`, `res.headers${tail}`, `err.config${tail}`];
});

export function createLog(service: string, level: string, destination?: DestinationStream): Log {
  const options = {
    level,
    base: { service },
    redact: { paths: redactedPaths, censor: '[redacted]' },
    timestamp: pino.stdTimeFunctions.isoTime,
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What tells one piece of work apart in the log. */
export interface JobFields {
  job: string;
  /** Id of the sync run or refresh. */
  run: string;
  organization: string;
  attempt: number;
  correlationId: string;
}

/** Does the work between one start and one end line; the end line says how it went and how long it took. */
export async function logJob<T>(log: Log, fields: JobFields, work: (log: Log) => Promise<T>): Promise<T> {
  const jobLog = log.child(fields);
  const startedAt = performance.now();
  const durationMs = (): number => Math.round(performance.now() - startedAt);
  jobLog.info({ phase: 'start' }, `${fields.job} started`);
  try {
    const outcome = await work(jobLog);
    jobLog.info({ phase: 'end', durationMs: durationMs() }, `${fields.job} ended`);
    return outcome;
  } catch (error) {
    const { code, verdict } = toFreshetError(error);
    jobLog.error(
      { phase: 'end', durationMs: durationMs(), code, verdict, err: error },
      `${fields.job} failed`,
    );
    throw error;
  }
}
