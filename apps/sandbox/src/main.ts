/**
 * Runs the vendors' stand-ins side by side, so that every connector can be tried without an account anywhere. What it serves at `/` tells
 * the other services where the vendors are; ports and the secret come from whoever starts it, so that consents survive a restart.
 */
import { createServer } from 'node:http';
import { privateKeyIn } from './service-account';
import { sandboxDeveloperToken, startIdentities, vendors, type SandboxVendor } from './vendors';

const { SANDBOX_PORTS = '{}', SANDBOX_SECRET = 'sandbox', SANDBOX_FOLDER } = process.env;
const ports = JSON.parse(SANDBOX_PORTS) as Record<string, number>;

const { google, meta } = await startIdentities(ports, SANDBOX_SECRET);
const privateKey = privateKeyIn(SANDBOX_FOLDER);
const started = new Map<string, SandboxVendor>();
for (const [type, start] of Object.entries(vendors))
  started.set(type, await start({ port: ports[type] ?? 0, google, meta, privateKey }));

/** What the services are told: `FRESHET_…` variables by name. */
const settings = (): Record<string, string> => ({
  ...Object.fromEntries(
    [...started].map(([type, { url }]) => [`FRESHET_${type.replaceAll('-', '_').toUpperCase()}_URL`, url]),
  ),
  FRESHET_GOOGLE_OAUTH_URL: google.url,
  FRESHET_GOOGLE_CLIENT_ID: google.client.id,
  FRESHET_GOOGLE_CLIENT_SECRET: google.client.secret,
  FRESHET_META_OAUTH_URL: meta.url,
  FRESHET_META_CLIENT_ID: meta.app.id,
  FRESHET_META_CLIENT_SECRET: meta.app.secret,
  FRESHET_GOOGLE_ADS_DEVELOPER_TOKEN: sandboxDeveloperToken,
  FRESHET_SANDBOX: JSON.stringify(
    Object.fromEntries(
      [...started].map(([type, { credentials, config }]) => [type, { credentials, config }]),
    ),
  ),
});

const directory = createServer((_request, response) => {
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ settings: settings() }));
});
directory.listen(ports['directory'] ?? 0, '127.0.0.1');

const stop = async (): Promise<void> => {
  directory.close();
  await Promise.all([google.close(), meta.close(), ...[...started.values()].map((vendor) => vendor.close())]);
  process.exit();
};
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());
