/** Reads a service's settings once, before anything starts, and tells of all that is wrong with them at once. */
import { baseEnv, developmentMasterKey, type Env } from './base-env';

/** Each sentence begins with the variable's name; none holds a value, since values may be secrets. */
export class EnvironmentError extends Error {
  constructor(readonly sentences: readonly string[]) {
    super(sentences.join('\n'));
    this.name = 'EnvironmentError';
  }
}

const forTests = ['FRESHET_FAILPOINTS', 'FRESHET_CLOCK'];

/** The validated settings with what follows from them. Throws EnvironmentError with one sentence per bad name. */
export function readEnv<S extends typeof baseEnv>(
  schema: S,
  source: NodeJS.ProcessEnv = process.env,
): Env<S> {
  const given = withoutEmpty(source);
  const parsed = schema.safeParse(given);
  const sentences = new Map<string, string>();
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    if (!sentences.has(name))
      sentences.set(
        name,
        `${name} ${issue.message.startsWith('must ') ? issue.message : name in given ? 'is not valid.' : 'must be set.'}`,
      );
  }

  const mode =
    parsed.data?.NODE_ENV ?? baseEnv.shape.NODE_ENV.safeParse(source['NODE_ENV'] || undefined).data;
  const trusting = mode === 'development' || mode === 'test';
  const masterKey = source['FRESHET_MASTER_KEY'] || (trusting ? developmentMasterKey : '');
  const keyFault = faultOfMasterKey(masterKey, trusting);
  if (keyFault) sentences.set('FRESHET_MASTER_KEY', `FRESHET_MASTER_KEY ${keyFault}`);
  for (const name of forTests) {
    if (source[name] && !trusting)
      sentences.set(name, `${name} is for tests only: unset it, or set NODE_ENV to test.`);
  }

  if (sentences.size > 0 || !parsed.success) throw new EnvironmentError([...sentences.values()]);
  const limitFactor = parsed.data.FRESHET_DEMO ? 1_000 : 1;
  return { ...parsed.data, FRESHET_MASTER_KEY: masterKey, limitFactor };
}

/** An empty variable means the same as none, as Docker Compose sets those that are not given. */
const withoutEmpty = (source: NodeJS.ProcessEnv) =>
  Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined && value !== ''));

function faultOfMasterKey(key: string, trusting: boolean): string | undefined {
  if (!key)
    return 'must be set to a secret of at least 32 bytes, for example from `openssl rand -base64 48`.';
  if (Buffer.byteLength(key) < 32) return 'is too short: use at least 32 bytes.';
  if (key === developmentMasterKey && !trusting)
    return 'is the one for development, which everybody knows: set your own.';
  return undefined;
}
