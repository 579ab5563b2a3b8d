/** Makes a connector from typed parts: schemas become JSON Schema, and what comes from outside is validated once, here. */
import { FreshetError } from '@freshet/contracts';
import { z } from 'zod';
import type { ConnectorContext, Pace } from './context';
import type {
  Account,
  AuthKind,
  Batch,
  CheckResult,
  Choice,
  Connector,
  Delivery,
  DiscoveredStream,
  JsonSchema,
  OAuthNeed,
  Page,
  ReadRequest,
  Received,
  StreamSpec,
} from './connector';
import type { ConnectorTemplate } from './template';

export interface ConnectorDefinition<Config, Credentials> {
  type: string;
  name: string;
  description: string;
  auth: AuthKind;
  oauth?: OAuthNeed;
  /** Off unless told: worth it where the vendor does not give the past again. */
  archives?: boolean;
  config: z.ZodType<Config>;
  /** `z.null()` when none are needed. */
  credentials: z.ZodType<Credentials>;
  /** See `Connector.isLocal`; false unless told. */
  isLocal?: boolean;
  docsUrl: string | null;
  /** Streams that every source has. */
  fixedStreams: StreamSpec[];
  provisionalDays: number;
  /** An error of the vendor's client library in words for people; null for what only the kit can explain (network, status). */
  explain?(error: unknown, now: Date): FreshetError | null;
  /** How often an account may be asked; its key is completed by the type. */
  pace?(config: Partial<Config>, credentials: Credentials): Pace | null;
  streams(config: Config): StreamSpec[];
  check(config: Config, credentials: Credentials, context: ConnectorContext): Promise<CheckResult>;
  discover(config: Config, credentials: Credentials, context: ConnectorContext): Promise<DiscoveredStream[]>;
  choices?(config: Partial<Config>, credentials: Credentials, context: ConnectorContext): Promise<Choice[]>;
  account?(config: Config, credentials: Credentials, context: ConnectorContext): Promise<Account>;
  read(request: ReadRequest<Config, Credentials>, context: ConnectorContext): AsyncIterable<Batch>;
  templates?: readonly ConnectorTemplate[];
  replay?(request: ReadRequest<Config, Credentials>, pages: AsyncIterable<Page>): AsyncIterable<Batch>;
  receive?(
    delivery: Omit<Delivery, 'config' | 'credentials'> & { config: Config; credentials: Credentials },
  ): Received;
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
  const whole = (request: ReadRequest): ReadRequest<Config, Credentials> => ({
    ...request,
    config: configOf(request.config),
    credentials: credentialsOf(request.credentials),
  });
  const { choices, account, replay, receive, name: vendor } = definition;
  const bound = (
    context: ConnectorContext,
    config: Partial<Config>,
    credentials: Credentials,
  ): ConnectorContext => {
    const pace = definition.pace?.(config, credentials) ?? null;
    return context.of({
      vendor,
      explain: definition.explain ?? (() => null),
      pace: pace && { ...pace, key: `${definition.type}:${pace.key}` },
    });
  };
  /** What every call begins with: both validated, and the context speaking the connector's language. */
  const opened = (
    config: unknown,
    credentials: unknown,
    context: ConnectorContext,
  ): [Config, Credentials, ConnectorContext] => {
    const [valid, secrets] = [configOf(config), credentialsOf(credentials)];
    return [valid, secrets, bound(context, valid as Partial<Config>, secrets)];
  };
  return {
    spec: {
      type: definition.type,
      name: definition.name,
      description: definition.description,
      auth: definition.auth,
      oauth: definition.oauth ?? null,
      archives: definition.archives ?? false,
      webhook: receive !== undefined,
      config: jsonSchema(definition.config),
      credentials: definition.auth === 'none' ? null : jsonSchema(definition.credentials),
      docsUrl: definition.docsUrl,
      streams: definition.fixedStreams,
      provisionalDays: definition.provisionalDays,
    },
    templates: definition.templates ?? [],
    isLocal: definition.isLocal ?? false,
    parseConfig: configOf,
    parseCredentials: credentialsOf,
    streams: (config) => definition.streams(configOf(config)),
    check: async (...asked) => definition.check(...opened(...asked)),
    discover: async (...asked) => definition.discover(...opened(...asked)),
    choices: async (config, credentials, context) => {
      if (!choices) return [];
      const [partial, secrets] = [(config ?? {}) as Partial<Config>, credentialsOf(credentials)];
      return choices(partial, secrets, bound(context, partial, secrets));
    },
    account: async (...asked) => (account ? account(...opened(...asked)) : null),
    read: (request, context) => {
      const asked = whole(request);
      return definition.read(asked, bound(context, asked.config as Partial<Config>, asked.credentials));
    },
    replay: replay ? (request, pages) => replay(whole(request), pages) : null,
    receive: receive
      ? (delivery) =>
          receive({
            ...delivery,
            config: configOf(delivery.config),
            credentials: credentialsOf(delivery.credentials),
          })
      : null,
  };
};
