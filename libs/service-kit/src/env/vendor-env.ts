/** What an installation sets about vendors: its registrations with them, and other addresses for their APIs. */
import { z } from 'zod';

const text = z.string().default('');
const address = z
  .string()
  .default('')
  .refine(
    (value) => value === '' || (URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)),
    'must be a URL such as https://proxy.example.org.',
  )
  .transform((value) => value.replace(/\/+$/, ''));

/** Other addresses of the vendors' APIs: a proxy, a regional host, a sandbox. */
const urls = {
  FRESHET_GOOGLE_ANALYTICS_URL: address,
  FRESHET_GOOGLE_ADS_URL: address,
  FRESHET_GOOGLE_AD_MANAGER_URL: address,
  FRESHET_BIGQUERY_URL: address,
  FRESHET_KLAVIYO_URL: address,
  FRESHET_META_ADS_URL: address,
  FRESHET_ACTBLUE_URL: address,
  FRESHET_SWITCHBOARD_URL: address,
  FRESHET_CLIENTTETHER_URL: address,
};

/** `google-ads` → `FRESHET_GOOGLE_ADS_URL`; null for connectors whose sources name their own address. */
const urlName = (type: string): keyof typeof urls | null => {
  const name = `FRESHET_${type.replaceAll('-', '_').toUpperCase()}_URL`;
  return name in urls ? (name as keyof typeof urls) : null;
};

const sandbox = z.record(
  z.string(),
  z.object({
    credentials: z.record(z.string(), z.unknown()).nullable(),
    config: z.record(z.string(), z.unknown()),
  }),
);

export const vendorEnv = {
  /** Freshet's registration with Google (OAuth client of a web application). */
  FRESHET_GOOGLE_CLIENT_ID: text,
  FRESHET_GOOGLE_CLIENT_SECRET: text,
  /** Of the Google Ads API; belongs to the same Google project. */
  FRESHET_GOOGLE_ADS_DEVELOPER_TOKEN: text,
  /** Freshet's registration with Meta (app id and secret). */
  FRESHET_META_CLIENT_ID: text,
  FRESHET_META_CLIENT_SECRET: text,
  /** Other addresses for consent and tokens. */
  FRESHET_GOOGLE_OAUTH_URL: address,
  FRESHET_META_OAUTH_URL: address,
  /** Vendors that are sandboxes of this installation, with keys to try (JSON, by type of connector); people are told so. */
  FRESHET_SANDBOX: text.transform((value, context) => {
    try {
      return sandbox.parse(JSON.parse(value || '{}'));
    } catch {
      context.addIssue({
        code: 'custom',
        message: 'must be JSON such as {"klaviyo": {"credentials": {}, "config": {}}}.',
      });
      return z.NEVER;
    }
  }),
  ...urls,
};

type VendorEnv = z.infer<z.ZodObject<typeof vendorEnv>>;

const client = (clientId: string, clientSecret: string, url: string) => ({
  clientId,
  clientSecret,
  baseUrl: url || null,
});

export const oauthClientsOf = (env: VendorEnv) => ({
  google: client(
    env.FRESHET_GOOGLE_CLIENT_ID,
    env.FRESHET_GOOGLE_CLIENT_SECRET,
    env.FRESHET_GOOGLE_OAUTH_URL,
  ),
  meta: client(env.FRESHET_META_CLIENT_ID, env.FRESHET_META_CLIENT_SECRET, env.FRESHET_META_OAUTH_URL),
});

/** What a connector of this type is told. */
export const vendorSettingsOf = (env: VendorEnv, type: string) => {
  const { clientId, clientSecret } = oauthClientsOf(env)[type === 'meta-ads' ? 'meta' : 'google'];
  const name = urlName(type);
  return {
    baseUrl: (name && env[name]) || null,
    clientId,
    clientSecret,
    developerToken: env.FRESHET_GOOGLE_ADS_DEVELOPER_TOKEN,
  };
};
