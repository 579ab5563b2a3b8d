/** The service that runs connectors: it consumes the queue `sync`. */
import { baseEnv, type Service } from '@freshet/service-kit';
import { SyncModule } from './sync.module';

export const syncService: Service<typeof baseEnv> = {
  name: 'sync',
  env: baseEnv,
  module: (env) => SyncModule.with(env),
  port: (env) => env.HEALTH_PORT,
};
