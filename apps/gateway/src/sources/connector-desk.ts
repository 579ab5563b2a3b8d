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
import { ControlPlane, DataSource } from '@freshet/persistence';
import { Clock, ENV, LOG, SecretBox, vendorSettingsOf, type Log, type Member } from '@freshet/service-kit';
import { ConnectionAccess, type Access } from '../connections/connection-access';
import type { GatewayEnv } from '../gateway-env';
import { notFound } from '../http/id-param';

/** A person looks at a spinner meanwhile. */
const patience = 20_000;

@Injectable()
export class ConnectorDesk implements OnApplicationShutdown {
  private readonly http;

  constructor(
    @Inject(ENV) private readonly env: GatewayEnv,
    @Inject(ConnectionAccess) private readonly access: ConnectionAccess,
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(SecretBox) private readonly secrets: SecretBox,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.http = createHttpClient({ allowHosts: env.FRESHET_ALLOW_HOSTS });
  }

  list(): ConnectorInfo[] {
    return connectors.map((connector) => this.describe(connector));
  }

  async check(caller: Member, ask: CheckSource): Promise<CheckResult> {
    const { connector, config, credentials, context } = await this.open(caller, ask);
    return connector.check(config, credentials, context);
  }

  /** Choices need no whole config; streams are looked for once it is one. */
  async discover(caller: Member, ask: CheckSource): Promise<DiscoverResult> {
    const { connector, config, credentials, context } = await this.open(caller, ask);
    const choices = await connector.choices(config, credentials, context);
    if (choices.length > 0 && !isWhole(connector, config)) return { streams: [], choices };
    const streams = await connector.discover(config, credentials, context);
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
  ): Promise<{ connector: Connector; config: unknown; credentials: unknown; context: ConnectorContext }> {
    const stored = ask.sourceId ? await this.stored(organizationId, ask.sourceId, ask) : null;
    const connector = findConnector(stored?.type ?? ask.type);
    const connectionId = stored ? stored.connectionId : ask.connectionId;
    const given: Access = connectionId
      ? await this.access.open(organizationId, connector, connectionId)
      : { credentials: stored ? stored.credentials : (ask.credentials ?? null), tokens: null };
    const context = createContext({
      http: this.http,
      signal: AbortSignal.timeout(patience),
      now: () => this.clock.now(),
      log: this.log,
      retry: { backoff: [] },
      settings: vendorSettingsOf(this.env, ask.type),
      tokens: given.tokens,
    });
    const config = stored?.config ?? ask.config;
    return { connector, config, credentials: given.credentials, context };
  }

  /** Its own credentials go nowhere but where its stored config says: of what is asked only the choice of streams counts. */
  private async stored(organizationId: string, id: string, { config: { streams } }: CheckSource) {
    const source = await this.plane.withTenant(organizationId, (em) =>
      em.findOne(DataSource, { id, deletedAt: null }, { populate: ['credentials'] }),
    );
    if (!source) throw notFound('The source');
    const { type, connectionId, credentials } = source;
    const config = { ...source.config, ...(Array.isArray(streams) && { streams: streams as unknown[] }) };
    const opened =
      credentials && this.secrets.open(credentials.toString(), `${organizationId}/data_source/${id}`);
    return { type, connectionId, config, credentials: opened ? (JSON.parse(opened) as unknown) : null };
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
