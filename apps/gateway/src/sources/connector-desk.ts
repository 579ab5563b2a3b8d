/** Asks connectors on behalf of a person who waits: lists them, tests a connection, looks for what there is. */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { CheckResult, CheckSource, ConnectorInfo, DiscoverResult } from '@freshet/contracts';
import {
  connectors,
  createContext,
  createHttpClient,
  findConnector,
  isRegistered,
  type Connector,
  type ConnectorContext,
} from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import { Clock, ENV, LOG, vendorSettingsOf, type Log, type Member } from '@freshet/service-kit';
import { ConnectionAccess, type Access } from '../connections/connection-access';
import type { GatewayEnv } from '../gateway-env';

/** A person looks at a spinner meanwhile. */
const patience = 20_000;

@Injectable()
export class ConnectorDesk implements OnApplicationShutdown {
  private readonly http;

  constructor(
    @Inject(ENV) private readonly env: GatewayEnv,
    @Inject(ConnectionAccess) private readonly access: ConnectionAccess,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.http = createHttpClient({ allowHosts: env.FRESHET_ALLOW_HOSTS });
  }

  list(): ConnectorInfo[] {
    return connectors.map((connector) => this.describe(connector));
  }

  async check(caller: Member, ask: CheckSource): Promise<CheckResult> {
    const { connector, credentials, context } = await this.open(caller, ask);
    return connector.check(ask.config, credentials, context);
  }

  /** Choices need no whole config; streams are looked for once it is one. */
  async discover(caller: Member, ask: CheckSource): Promise<DiscoverResult> {
    const { connector, credentials, context } = await this.open(caller, ask);
    const choices = await connector.choices(ask.config, credentials, context);
    if (choices.length > 0 && !isWhole(connector, ask.config)) return { streams: [], choices };
    const streams = await connector.discover(ask.config, credentials, context);
    return {
      choices,
      streams: streams.map(({ name, description, key, cursor, config = null, columns, sample }) => ({
        name,
        description,
        key,
        cursor,
        config,
        columns,
        sample,
      })),
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  private async open(
    { organizationId }: Member,
    ask: CheckSource,
  ): Promise<{ connector: Connector; credentials: unknown; context: ConnectorContext }> {
    const connector = findConnector(ask.type);
    const given: Access = ask.connectionId
      ? await this.access.open(organizationId, connector, ask.connectionId)
      : { credentials: ask.credentials ?? null, tokens: null };
    const context = createContext({
      http: this.http,
      signal: AbortSignal.timeout(patience),
      now: () => this.clock.now(),
      log: this.log,
      retry: { backoff: [] },
      settings: vendorSettingsOf(this.env, ask.type),
      tokens: given.tokens,
    });
    return { connector, credentials: given.credentials, context };
  }

  private describe({ spec, templates }: Connector): ConnectorInfo {
    const { oauth } = spec;
    return {
      type: spec.type,
      name: spec.name,
      description: spec.description,
      auth: spec.auth,
      oauth: oauth && {
        provider: oauth.provider,
        scopes: [...oauth.scopes],
        ready: isRegistered(oauth.provider, this.access.clients),
      },
      archives: spec.archives,
      webhook: spec.webhook,
      sandbox: this.env.FRESHET_SANDBOX[spec.type] ?? null,
      configSchema: spec.config,
      credentialsSchema: spec.credentials,
      docsUrl: spec.docsUrl || null,
      streams: spec.streams.map(
        ({ name, description, mode, key, lookbackDays, provisionalDays, slicing }) => ({
          name,
          description,
          mode,
          key,
          lookbackDays,
          provisionalDays,
          byDays: slicing !== null,
        }),
      ),
      provisionalDays: spec.provisionalDays,
      templates: templates.map(({ name, title, description, streams }) => ({
        name,
        title,
        description,
        streams: [...streams],
      })),
    };
  }
}

const isWhole = (connector: Connector, config: unknown): boolean => {
  try {
    connector.parseConfig(config);
    return true;
  } catch (error) {
    if (error instanceof FreshetError) return false;
    throw error;
  }
};
