/** Puts together what a run reads its source with: connector, config, credentials or tokens, pace, archive, account. */
import { Inject, Injectable } from '@nestjs/common';
import {
  createContext,
  tokensOf,
  type AccessTokens,
  type Account,
  type Connector,
  type ContextOptions,
  type HttpClient,
  type Pacer,
  type StoredGrant,
} from '@freshet/connectors';
import { ConnectionGrants, ControlPlane, type ClaimedRun } from '@freshet/persistence';
import {
  Clock,
  ENV,
  LOG,
  oauthClientsOf,
  SecretBox,
  vendorSettingsOf,
  type BaseEnv,
  type Log,
} from '@freshet/service-kit';
import { PageArchive } from './page-archive';
import type { RunLease } from './run-lease';
import { RunTally } from './run-tally';
import type { SourceReading } from './stream-load';

/** Injection tokens of what tests give in their own way. */
export const HTTP_CLIENT = Symbol('http client');
export const FIND_CONNECTOR = Symbol('find connector');
export const PACERS = Symbol('pacers');

export type FindConnector = (type: string) => Connector;
/** Gives the pacer of one source: those of one account take turns. */
export type Pacers = (sourceId: string) => Pacer;

@Injectable()
export class OpenSource {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(FIND_CONNECTOR) private readonly find: FindConnector,
    @Inject(HTTP_CLIENT) private readonly http: HttpClient,
    @Inject(PACERS) private readonly pacers: Pacers,
    @Inject(SecretBox) private readonly secrets: SecretBox,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
    @Inject(ENV) private readonly env: BaseEnv,
  ) {}

  /** Throws what the vendor says when it is asked for the account, and `invalid_input` for a config that is not one. */
  async open(
    run: ClaimedRun,
    lease: RunLease,
    options: Partial<ContextOptions> = {},
  ): Promise<SourceReading> {
    const connector = this.find(run.source.type);
    const config = connector.parseConfig(run.source.config);
    const { credentials, tokens } = await this.accessOf(run, connector);
    const archive = new PageArchive(run.source.archives && connector.replay !== null);
    const context = createContext({
      http: this.http,
      signal: lease.signal,
      now: () => this.clock.now(),
      log: this.log,
      settings: vendorSettingsOf(this.env, run.source.type),
      tokens,
      pacer: this.pacers(run.sourceId),
      archive: (page) => archive.keep(page),
      ...options,
    });
    const parts = { run, connector, config, credentials, context, archive, tally: new RunTally(), lease };
    return { ...parts, account: await this.accountOf(parts) };
  }

  private async accessOf(
    run: ClaimedRun,
    connector: Connector,
  ): Promise<{ credentials: unknown; tokens: AccessTokens | null }> {
    const { organizationId, sourceId, source } = run;
    const { connectionId, connectionProvider, credentials } = source;
    const provider = connector.spec.oauth?.provider;
    if (connectionId && provider && provider === connectionProvider) {
      const vault = new ConnectionGrants<StoredGrant>(this.plane, this.secrets, connectionId);
      const tokens = tokensOf(provider, vault, oauthClientsOf(this.env), () => this.clock.now());
      return { credentials: connector.parseCredentials(null), tokens };
    }
    if (connectionId) {
      const vault = new ConnectionGrants<unknown>(this.plane, this.secrets, connectionId);
      return { credentials: connector.parseCredentials(await vault.load()), tokens: null };
    }
    if (!credentials) return { credentials: connector.parseCredentials(null), tokens: null };
    // Sealed for this row of this organization; copied elsewhere they do not open.
    const opened = this.secrets.open(credentials.toString(), `${organizationId}/data_source/${sourceId}`);
    return { credentials: connector.parseCredentials(JSON.parse(opened)), tokens: null };
  }

  /** Asked once a run; a run that reads what is here already does not ask anybody. */
  private async accountOf(reading: Omit<SourceReading, 'account'>): Promise<Account | null> {
    const { run, connector, config, credentials, context } = reading;
    if (run.request.replay || run.request.hooks) return run.source.account;
    return connector.account(config, credentials, context);
  }
}
