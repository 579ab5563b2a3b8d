/** The service for everything that time starts; any number of them may run, each thing happens once. */
import { baseEnv, type Service } from '@freshet/service-kit';
import { SchedulerModule } from './scheduler.module';

export const schedulerService: Service<typeof baseEnv> = {
  name: 'scheduler',
  env: baseEnv,
  module: (env) => SchedulerModule.with(env),
  port: (env) => env.HEALTH_PORT,
};
