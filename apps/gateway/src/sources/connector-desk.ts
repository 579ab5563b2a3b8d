/** Asks connectors on behalf of a person who waits: lists them, tests a connection, looks for what there is. */
import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { CheckResult, CheckSource, ConnectorInfo, DiscoverResult } from '@freshet/contracts';
import {
  connectors,
  createContext,
  createHttpClient,
  findConnector,
  type Connector,
  type ConnectorContext,
} from '@freshet/connectors';
import { Clock, ENV, LOG, type Log } from '@freshet/service-kit';
import type { GatewayEnv } from '../gateway-env';

/** A person looks at a spinner meanwhile. */
const patience = 20_000;

@Injectable()
export class ConnectorDesk implements OnApplicationShutdown {
  private readonly http;

  constructor(
    @Inject(ENV) env: GatewayEnv,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.http = createHttpClient({ allowHosts: env.FRESHET_ALLOW_HOSTS });
  }

  list(): ConnectorInfo[] {
    return connectors.map(describe);
  }

  check({ type, config, credentials }: CheckSource): Promise<CheckResult> {
    return findConnector(type).check(config, credentials ?? null, this.context());
  }

  async discover({ type, config, credentials }: CheckSource): Promise<DiscoverResult> {
    const streams = await findConnector(type).discover(config, credentials ?? null, this.context());
    return { streams: streams.map(({ name, columns, sample }) => ({ name, columns, sample })) };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.http.close();
  }

  private context(): ConnectorContext {
    return createContext({
      http: this.http,
      signal: AbortSignal.timeout(patience),
      now: () => this.clock.now(),
      log: this.log,
      retry: { backoff: [] },
    });
  }
}

const describe = ({ spec }: Connector): ConnectorInfo => ({
  type: spec.type,
  name: spec.name,
  description: spec.description,
  auth: spec.auth,
  configSchema: spec.config,
  credentialsSchema: spec.credentials,
  docsUrl: spec.docsUrl || null,
  streams: spec.streams.map(({ name, mode, key }) => ({ name, mode, key })),
  provisionalDays: spec.provisionalDays,
});
