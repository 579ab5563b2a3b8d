/** The service that people and other services talk to: REST, sockets, Bull Board and the client. */
import type { Service } from '@freshet/service-kit';
import { IoAdapter } from '@nestjs/platform-socket.io';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { raw } from 'express';
import { gatewayEnv, type GatewayEnv } from './gateway-env';
import { GatewayModule } from './gateway.module';
import { serveApiDocs } from './http/api-docs';
import { clientFiles } from './http/client-files';
import { noStore, securityHeaders } from './http/security-headers';
import { serveBullBoard } from './operators/bull-board';

/** Enough for a dashboard of 60 charts with long queries. */
const bodyLimit = '1mb';

export const gatewayService: Service<typeof gatewayEnv> = {
  name: 'gateway',
  env: gatewayEnv,
  module: (env) => GatewayModule.with(env),
  port: (env) => env.PORT,
  configure,
};

function configure(app: NestExpressApplication, env: GatewayEnv): void {
  // Whoever sends a request slowly, or never ends it, is let go.
  Object.assign(app.getHttpServer(), { headersTimeout: 20_000, requestTimeout: 60_000 });
  app.set('trust proxy', 'loopback');
  app.useWebSocketAdapter(new IoAdapter(app));
  app.use(securityHeaders(env.FRESHET_PUBLIC_URL?.startsWith('https:') ?? false));
  app.use('/api', noStore);
  serveBullBoard(app);
  // Senders sign the bytes, so nothing may be parsed on the way.
  app.use('/api/hooks', raw({ type: () => true, limit: bodyLimit }));
  app.useBodyParser('json', { limit: bodyLimit });
  serveApiDocs(app);
  for (const middleware of clientFiles(env.FRESHET_CLIENT_DIR)) app.use(middleware);
}
