/** Every vendor's stand-in as the demo runs it, with the sandbox keys that people may try. */
import {
  startActBlue,
  startGoogleAdManager,
  startGoogleAds,
  startGoogleAnalytics,
  startGoogleIdentity,
  startKlaviyo,
  type GoogleIdentity,
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
  identity: GoogleIdentity;
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
  'google-analytics': async ({ port, identity }) => consented(await startGoogleAnalytics({ port, identity })),
  'google-ads': async ({ port, identity }) =>
    consented(await startGoogleAds({ port, identity, developerToken: sandboxDeveloperToken })),
  'google-ad-manager': async ({ port, identity }) =>
    consented(await startGoogleAdManager({ port, identity })),
  klaviyo: async ({ port }) => {
    const klaviyo = await startKlaviyo({ port });
    return keyed(klaviyo, { apiKey: klaviyo.apiKey });
  },
  actblue: async ({ port }) => {
    const keys = { clientUuid: 'sandbox-client', clientSecret: 'sandbox-secret' };
    return keyed(await startActBlue({ port, ...keys }), keys);
  },
};

export const sandboxDeveloperToken = 'sandbox-developer-token';

export const startIdentity = (port: number, secret: string): Promise<GoogleIdentity> =>
  startGoogleIdentity({ port, secret });
