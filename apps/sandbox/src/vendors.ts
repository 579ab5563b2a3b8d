/** Every vendor's stand-in as the demo runs it, with the sandbox keys that people may try. */
import { startGoogleIdentity, startKlaviyo, type GoogleIdentity } from '@freshet/testing';

export interface SandboxVendor {
  /** `http://127.0.0.1:<port>` */
  url: string;
  /** Keys of a sandbox account; null where one consents instead. */
  credentials: Record<string, unknown> | null;
  /** Settings with which every source of the sandbox works; what is chosen from a list is left out. */
  config: Record<string, unknown>;
  close(): Promise<void>;
}

export interface Surroundings {
  port: number;
  identity: GoogleIdentity;
}

type Starter = (surroundings: Surroundings) => Promise<SandboxVendor>;

/** By type of connector. */
export const vendors = {
  klaviyo: async ({ port }) => {
    const klaviyo = await startKlaviyo({ port });
    return {
      url: klaviyo.url,
      credentials: { apiKey: klaviyo.apiKey },
      config: {},
      close: () => klaviyo.close(),
    };
  },
} satisfies Record<string, Starter>;

export type VendorType = keyof typeof vendors;

export const startIdentity = (port: number, secret: string): Promise<GoogleIdentity> =>
  startGoogleIdentity({ port, secret });
