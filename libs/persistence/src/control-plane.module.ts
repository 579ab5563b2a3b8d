/** The control plane for a service: opened when it starts, closed when it ends. */
import { Inject, Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { installationOf } from './access/grant-access';
import { ControlPlane } from './control-plane';

/** As the environment names them. */
export interface ControlPlaneSettings {
  DATABASE_URL: string;
  FRESHET_MASTER_KEY: string;
  FRESHET_INSTALLATION?: string | undefined;
}

/** Names this installation in the roles of PostgreSQL. */
export const installationName = (
  env: Pick<ControlPlaneSettings, 'DATABASE_URL' | 'FRESHET_INSTALLATION'>,
): string => env.FRESHET_INSTALLATION ?? installationOf(env.DATABASE_URL);

@Module({})
export class ControlPlaneModule implements OnApplicationShutdown {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  /** @param poolSize connections at most, for each of the two logins */
  static register(env: ControlPlaneSettings, poolSize: number): DynamicModule {
    const useFactory = (): Promise<ControlPlane> =>
      ControlPlane.open({
        databaseUrl: env.DATABASE_URL,
        installation: installationName(env),
        masterKey: env.FRESHET_MASTER_KEY,
        poolSize,
      });
    return {
      module: ControlPlaneModule,
      global: true,
      providers: [{ provide: ControlPlane, useFactory }],
      exports: [ControlPlane],
    };
  }

  onApplicationShutdown(): Promise<void> {
    return this.plane.close();
  }
}
