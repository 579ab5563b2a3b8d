/** The service that builds and publishes versions: it consumes the queue `cascade` and fills it. */
import { baseEnv, type Service } from '@freshet/service-kit';
import { RefreshModule } from './refresh.module';

export const refreshService: Service<typeof baseEnv> = {
  name: 'refresh',
  env: baseEnv,
  module: (env) => RefreshModule.with(env),
  port: (env) => env.HEALTH_PORT,
};
