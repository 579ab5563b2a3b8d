/** The stand-in for the Google Ad Manager API (v1, REST): networks, report jobs and their rows. */
import { localDate } from '../../market';
import { googleErrorBody, googleScopes, refuseAsGoogle, type GoogleIdentity } from '../google-identity';
import { startStandIn, type StandIn, type VendorAnswer, type VendorRequest } from '../stand-in';
import type { World } from './delivery';
import { adUnitsOf, networkAccess, sandboxNetworks, type SandboxNetwork } from './networks';
import { Quota, vendorQuotas, type AdManagerQuotas } from './quota';
import { understood } from './report-definition';
import { ReportJobs, type ReportBehaviour, type ReportFailure } from './report-jobs';
import { truthOf, type AdManagerStream, type TruthRow } from './truth';

export interface GoogleAdManagerOptions {
  /** Says whose a token is. */
  identity: Pick<GoogleIdentity, 'authorize'>;
  seed?: string | number;
  port?: number;
  now?: () => Date;
  /** 1: 24 ad units in each network. */
  scale?: number;
  quotas?: Partial<AdManagerQuotas>;
}

export interface GoogleAdManagerControls extends ReportBehaviour {
  quotas: AdManagerQuotas;
  /** Nothing was ever delivered. */
  isEmpty: boolean;
  /** Days on which nothing was delivered. */
  quietDays: Set<string>;
  /** Networks whose administrator has turned API access off. */
  closedNetworks: Set<string>;
  /** The next runs end like this. */
  failReports(...failures: ReportFailure[]): void;
  expirePageTokens(): void;
}

export interface GoogleAdManager extends StandIn {
  networks: readonly SandboxNetwork[];
  controls: GoogleAdManagerControls;
  /** What a complete sync of these days has to end with, as of now; `to` is exclusive. */
  truth(stream: AdManagerStream, days: { from: string; to: string; networkCode?: string }): TruthRow[];
}

const service = 'admanager.googleapis.com';

export const startGoogleAdManager = async (options: GoogleAdManagerOptions): Promise<GoogleAdManager> => {
  const { identity, seed = 1, scale = 1, now = () => new Date() } = options;
  const adUnits = adUnitsOf(scale);
  const controls: GoogleAdManagerControls = {
    encoding: 'number',
    looks: 2,
    mostRowsOnPage: 10_000,
    lostRows: 0,
    shortRows: false,
    futureRows: false,
    quotas: { ...vendorQuotas, ...options.quotas },
    isEmpty: false,
    quietDays: new Set(),
    closedNetworks: new Set(),
    failReports: (...failures) => void jobs.failures.push(...failures),
    expirePageTokens: () => jobs.expireTokens(),
  };
  const jobs = new ReportJobs(controls, now);
  const quota = new Quota(controls.quotas, now);

  const worldOf = (network: SandboxNetwork): World => ({
    network,
    adUnits,
    seed,
    today: localDate(now(), network.timeZone),
    isEmpty: controls.isEmpty,
    quietDays: controls.quietDays,
  });

  const networksOf = (request: VendorRequest): SandboxNetwork[] => {
    const { email } = identity.authorize(request, { scopes: [googleScopes.adManager], service });
    return sandboxNetworks.filter(({ code }) => networkAccess.get(email)?.includes(code));
  };

  const networkOf = (request: VendorRequest, code: string): SandboxNetwork => {
    const network = networksOf(request).find((one) => one.code === code);
    if (!network)
      return refuseAsGoogle('PERMISSION_DENIED', 'The caller does not have permission', {
        reason: 'NETWORK_NOT_ACCESSIBLE',
        service,
      });
    if (controls.closedNetworks.has(code)) {
      const sentence =
        'API access is not enabled for this network. An administrator can enable it under Admin > Global settings.';
      return refuseAsGoogle('PERMISSION_DENIED', sentence, {
        reason: 'NETWORK_API_ACCESS_DISABLED',
        service,
      });
    }
    quota.request(code);
    return network;
  };

  const answer = (request: VendorRequest): VendorAnswer => {
    const { method, path, query } = request;
    checkQuery(
      query,
      path.endsWith(':fetchRows') || path === '/v1/networks' ? ['pageSize', 'pageToken', 'skip'] : [],
    );
    const [, code = '', rest = ''] = /^\/v1\/networks\/([^/]+)(\/.*)?$/.exec(path) ?? [];
    const name = path.replace(/^\/v1\//, '').replace(/:\w+$/, '');
    if (method === 'GET' && path === '/v1/networks')
      return { status: 200, body: { networks: networksOf(request).map(networkJson) } };
    if (code === '') return refuseAsGoogle('NOT_FOUND', `Method not found: ${method} ${path}`);
    const network = networkOf(request, code);
    if (method === 'GET' && rest === '') return { status: 200, body: networkJson(network) };
    if (method === 'POST' && rest === '/reports') {
      const body = jsonOf(request);
      const definition = understood(body, network);
      quota.newReport(code);
      const made = jobs.create(code, definition);
      return {
        status: 200,
        body: { ...(body as object), name: made.name, reportId: made.id, createTime: now().toISOString() },
      };
    }
    if (method === 'POST' && /^\/reports\/\d+:run$/.test(rest)) {
      jsonOf(request);
      return { status: 200, body: jobs.run(name, worldOf(network)) };
    }
    if (method === 'GET' && /^\/operations\/reports\/runs\/\d+$/.test(rest))
      return { status: 200, body: jobs.operation(name) };
    if (method === 'GET' && /^\/reports\/\d+\/results\/\d+:fetchRows$/.test(rest)) {
      const pageSize = Number(query.get('pageSize') ?? 0);
      if (!Number.isInteger(pageSize))
        return refuseAsGoogle('INVALID_ARGUMENT', "Invalid value at 'page_size' (TYPE_INT32)");
      return { status: 200, body: jobs.rows({ name, pageSize, pageToken: query.get('pageToken') ?? '' }) };
    }
    return refuseAsGoogle('NOT_FOUND', `Method not found: ${method} ${path}`);
  };

  const standIn = await startStandIn(answer, {
    ...(options.port !== undefined && { port: options.port }),
    now,
    errorBody: googleErrorBody,
  });
  return {
    ...standIn,
    networks: sandboxNetworks,
    controls,
    truth: (stream, { from, to, networkCode }) => {
      const network = sandboxNetworks.find(({ code }) => code === networkCode) ?? sandboxNetworks[0];
      return network ? truthOf(worldOf(network), stream, from, to) : [];
    },
  };
};

const everywhere = ['$alt', 'alt', '$fields', 'fields', '$prettyPrint', 'prettyPrint', 'key', 'access_token'];

const checkQuery = (query: URLSearchParams, known: readonly string[]): void => {
  const unknown = [...query.keys()].find((name) => !everywhere.includes(name) && !known.includes(name));
  if (unknown !== undefined)
    refuseAsGoogle(
      'INVALID_ARGUMENT',
      `Invalid JSON payload received. Unknown name "${unknown}": Cannot bind query parameter. Field '${unknown}' could not be found in request message.`,
    );
};

const jsonOf = ({ body }: VendorRequest): unknown => {
  try {
    return JSON.parse(body || '{}');
  } catch {
    return refuseAsGoogle('INVALID_ARGUMENT', 'Invalid JSON payload received. Unexpected token.');
  }
};

const networkJson = (network: SandboxNetwork): unknown => ({
  name: `networks/${network.code}`,
  displayName: network.displayName,
  networkCode: network.code,
  propertyCode: `/${network.code}/`,
  timeZone: network.timeZone,
  currencyCode: network.currencyCode,
  secondaryCurrencyCodes: network.secondaryCurrencyCodes,
  effectiveRootAdUnit: `networks/${network.code}/adUnits/1`,
  testNetwork: network.isTest,
  networkId: network.networkId,
});
