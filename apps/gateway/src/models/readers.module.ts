import { installationName } from '@freshet/persistence';
/** The pools of connections by which people's queries run, one small pool a project, bounded in all. */
import { Global, Inject, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import { ENV } from '@freshet/service-kit';
import { createReaders, type Readers } from '@freshet/warehouse';

import type { GatewayEnv } from '../gateway-env';

export const READERS = Symbol('readers');

const maxPools = 8;
const poolSize = 6;

@Injectable()
class ReaderPools implements OnApplicationShutdown {
  constructor(@Inject(READERS) private readonly readers: Readers) {}

  async onApplicationShutdown(): Promise<void> {
    await this.readers.close();
  }
}

@Global()
@Module({
  providers: [
    ReaderPools,
    {
      provide: READERS,
      inject: [ENV],
      useFactory: (env: GatewayEnv): Readers => {
        const url = new URL(env.DATABASE_URL);
        const connection = {
          host: url.hostname,
          port: Number(url.port || 5432),
          database: decodeURIComponent(url.pathname.slice(1)),
        };
        return createReaders({
          connection,
          installation: installationName(env),
          masterKey: env.FRESHET_MASTER_KEY,
          maxPools,
          poolSize,
        });
      },
    },
  ],
  exports: [READERS],
})
export class ReadersModule {}
