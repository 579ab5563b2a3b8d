/** Makes a connector from typed parts: schemas become JSON Schema, and what comes from outside is validated once, here. */
import { FreshetError } from '@freshet/contracts';
import { z } from 'zod';
import type { ConnectorContext } from './context';
import type {
  AuthKind,
  Batch,
  CheckResult,
  Connector,
  DiscoveredStream,
  JsonSchema,
  ReadRequest,
  StreamSpec,
} from './connector';

export interface ConnectorDefinition<Config, Credentials> {
  type: string;
  name: string;
  description: string;
  auth: AuthKind;
  config: z.ZodType<Config>;
  /** `z.null()` when none are needed. */
  credentials: z.ZodType<Credentials>;
  docsUrl: string | null;
  /** Streams that every source has. */
  fixedStreams: StreamSpec[];
  provisionalDays: number;
  streams(config: Config): StreamSpec[];
  check(config: Config, credentials: Credentials, context: ConnectorContext): Promise<CheckResult>;
  discover(config: Config, credentials: Credentials, context: ConnectorContext): Promise<DiscoveredStream[]>;
  read(request: ReadRequest<Config, Credentials>, context: ConnectorContext): AsyncIterable<Batch>;
}

const parse = <T>(schema: z.ZodType<T>, value: unknown, what: string): T => {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({
    path: [what, ...path].join('.'),
    message,
  }));
  const first = errors[0] ? ` ${errors[0].path}: ${errors[0].message}` : '';
  throw new FreshetError('invalid_input', `The ${what} of the source is not valid.${first}`, { errors });
};

const jsonSchema = (schema: z.ZodType): JsonSchema => z.toJSONSchema(schema, { io: 'input' });

export const defineConnector = <Config, Credentials>(
  definition: ConnectorDefinition<Config, Credentials>,
): Connector => {
  const configOf = (value: unknown): Config => parse(definition.config, value, 'config');
  const credentialsOf = (value: unknown): Credentials =>
    parse(definition.credentials, value ?? null, 'credentials');
  return {
    spec: {
      type: definition.type,
      name: definition.name,
      description: definition.description,
      auth: definition.auth,
      config: jsonSchema(definition.config),
      credentials: definition.auth === 'none' ? null : jsonSchema(definition.credentials),
      docsUrl: definition.docsUrl,
      streams: definition.fixedStreams,
      provisionalDays: definition.provisionalDays,
    },
    parseConfig: configOf,
    parseCredentials: credentialsOf,
    streams: (config) => definition.streams(configOf(config)),
    check: async (config, credentials, context) =>
      definition.check(configOf(config), credentialsOf(credentials), context),
    discover: async (config, credentials, context) =>
      definition.discover(configOf(config), credentialsOf(credentials), context),
    read: (request, context) =>
      definition.read(
        { ...request, config: configOf(request.config), credentials: credentialsOf(request.credentials) },
        context,
      ),
  };
};
