/** The settings every service reads from its environment; a service extends this schema by its own. */
import { defaults } from '@freshet/contracts';
import { z } from 'zod';
import { vendorEnv } from './vendor-env';

/** Good for trying things out, and refused everywhere else since everybody can read it here. */
export const developmentMasterKey = 'freshet-development-master-key-everybody-knows';

const port = z.coerce
  .number('must be a port number.')
  .int()
  .min(0, 'must be a port number.')
  .max(65_535, 'must be a port number.');
const flag = z
  .enum(['0', '1', 'true', 'false'], 'must be 0 or 1.')
  .transform((value) => value === '1' || value === 'true');
const url = (protocols: string[], example: string) =>
  z
    .string(`must be set, as in ${example}.`)
    .refine(
      (value) => URL.canParse(value) && protocols.includes(new URL(value).protocol),
      `must be a URL such as ${example}.`,
    );

/** `2026-03-11T12:00:00Z*600`: since then, time runs 600 times as fast. */
const scaledTime = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z\*[1-9]\d{0,5}$/,
    'must be a time and a factor such as 2026-03-11T12:00:00Z*600.',
  )
  .transform((value) => {
    const [origin = '', factor = '1'] = value.split('*');
    return { origin: new Date(origin), factor: Number(factor) };
  });

export const baseEnv = z.object({
  NODE_ENV: z
    .enum(['development', 'test', 'production'], 'must be development, test or production.')
    .default('production'),
  /** The administrator's login: migrations, projects' schemas and roles. */
  DATABASE_URL: url(['postgres:', 'postgresql:'], 'postgres://user:password@127.0.0.1:5432/freshet'),
  REDIS_URL: url(['redis:', 'rediss:'], 'redis://127.0.0.1:6379'),
  /** What all secrets are derived from; at least 32 bytes. */
  FRESHET_MASTER_KEY: z.string().optional(),
  /** Former master keys, separated by commas: what they sealed still opens. */
  FRESHET_FORMER_MASTER_KEYS: z.string().default('').transform(list),
  /** Tells installations on one PostgreSQL server apart in role names; derived from the database's name when not set. */
  FRESHET_INSTALLATION: z
    .string()
    .regex(/^[a-z0-9]{1,12}$/, 'must be 1 to 12 small letters and digits.')
    .optional(),
  /** Where people reach Freshet, when that differs from the `Host` header the gateway sees. */
  FRESHET_PUBLIC_URL: url(['http:', 'https:'], 'https://freshet.example.org').optional(),
  LOG_LEVEL: z
    .enum(
      ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
      'must be a level such as info or debug.',
    )
    .default('info'),
  /** The address services listen at; 0.0.0.0 in a container. */
  FRESHET_HOST: z.string().default('127.0.0.1'),
  /** The gateway's port. */
  PORT: port.default(3000),
  /** The other services' port for health; 0 takes any that is free. */
  HEALTH_PORT: port.default(0),
  /** Host names, addresses or CIDR ranges that connectors may reach although they are not public, separated by commas. */
  FRESHET_ALLOW_HOSTS: z.string().default('').transform(list),
  /** Milliseconds after which the work of a process that went silent is taken over by another. */
  FRESHET_LEASE_MS: z.coerce
    .number('must be a number of milliseconds.')
    .int()
    .min(1_000, 'must be at least 1000.')
    .default(defaults.lease),
  /** Milliseconds a model may be held back by what is refreshed or synced above it. */
  FRESHET_MAX_WAIT_MS: z.coerce
    .number('must be a number of milliseconds.')
    .int()
    .min(0, 'must be 0 or more.')
    .default(defaults.refresh.maxWait),
  ...vendorEnv,
  FRESHET_DEMO: flag.default(false),
  /** Faults for tests, see `failpoints.ts`; refused in production. */
  FRESHET_FAILPOINTS: z.string().optional(),
  /** Another pace of time for tests of waits that last hours; refused in production. Leases and timers keep to real time. */
  FRESHET_CLOCK: scaledTime.optional(),
});

export type BaseEnv = Env<typeof baseEnv>;

export type Env<S extends typeof baseEnv> = Omit<z.infer<S>, 'FRESHET_MASTER_KEY'> & {
  FRESHET_MASTER_KEY: string;
  /** What limits a person may hit are multiplied by: 1,000 in the demo. */
  limitFactor: number;
};

function list(value: string): string[] {
  return value
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean);
}
