/** Every vendor's stand-in as the demo runs it, with the sandbox keys that people may try. */
import {
  startActBlue,
  startBigQuery,
  startClientTether,
  startGoogleAdManager,
  startGoogleAds,
  startGoogleAnalytics,
  startGoogleIdentity,
  startKlaviyo,
  startMetaAds,
  startMetaIdentity,
  startSwitchboard,
  type GoogleIdentity,
  type MetaIdentity,
} from '@freshet/testing';

export interface SandboxVendor {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Keys of a sandbox account; null where one consents instead. */
  credentials: Record<string, unknown> | null;
  /** Settings that go with them. */
  config: Record<string, unknown>;
  close(): Promise<void>;
}

export interface Surroundings {
  /** 0 takes any free one. */
  port: number;
  google: GoogleIdentity;
  meta: MetaIdentity;
  /** PEM, of the sandbox's service account at Google. */
  privateKey: string;
}

type Starter = (surroundings: Surroundings) => Promise<SandboxVendor>;

interface Running {
  url: string;
  close(): Promise<void>;
}

const consented = ({ url, close }: Running): SandboxVendor => ({ url, credentials: null, config: {}, close });
const keyed = ({ url, close }: Running, credentials: Record<string, unknown>): SandboxVendor => ({
  url,
  credentials,
  config: {},
  close,
});

/** By type of connector. */
export const vendors: Readonly<Record<string, Starter>> = {
  'google-analytics': async ({ port, google }) =>
    consented(await startGoogleAnalytics({ port, identity: google })),
  'google-ads': async ({ port, google }) =>
    consented(await startGoogleAds({ port, identity: google, developerToken: sandboxDeveloperToken })),
  'google-ad-manager': async ({ port, google }) =>
    consented(await startGoogleAdManager({ port, identity: google })),
  klaviyo: async ({ port }) => {
    const klaviyo = await startKlaviyo({ port });
    return keyed(klaviyo, { apiKey: klaviyo.apiKey });
  },
  bigquery: async ({ port, google, privateKey }) => {
    const bigQuery = await startBigQuery({ port, identity: google, privateKey });
    return keyed(bigQuery, { serviceAccountKey: JSON.stringify(bigQuery.key) });
  },
  'meta-ads': async ({ port, meta }) => consented(await startMetaAds({ port, identity: meta })),
  switchboard: async ({ port }) => {
    const switchboard = await startSwitchboard({ port });
    return keyed(switchboard, { accountId: switchboard.accountId, secretKey: switchboard.secretKey });
  },
  clienttether: async ({ port }) => {
    const clientTether = await startClientTether({ port });
    return keyed(clientTether, { accessToken: clientTether.accessToken, webKey: clientTether.webKey });
  },
  actblue: async ({ port }) => {
    const keys = { clientUuid: 'sandbox-client', clientSecret: 'sandbox-secret' };
    return keyed(await startActBlue({ port, ...keys }), keys);
  },
};

export const sandboxDeveloperToken = 'sandbox-developer-token';

/** @param secret signs tokens, so that consents of one installation survive a restart */
export const startIdentities = async (
  ports: Readonly<Record<string, number>>,
  secret: string,
): Promise<Pick<Surroundings, 'google' | 'meta'>> => ({
  google: await startGoogleIdentity({ port: ports['google-identity'] ?? 0, secret }),
  meta: await startMetaIdentity({ port: ports['meta-identity'] ?? 0, secret }),
});
