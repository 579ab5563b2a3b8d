/** The shared pace for a service that asks vendors. */
import {
  Inject,
  Injectable,
  Logger,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { PacerDesk } from './pacer';
import { RedisTurns } from './redis-turns';

/** Said at most so often, in milliseconds. */
const remind = 60_000;

@Injectable()
class PaceConnection implements OnApplicationShutdown {
  private readonly log = new Logger('pace');
  private told = -Infinity;
  readonly turns: RedisTurns;

  constructor(@Inject('redis url of the pace') redisUrl: string) {
    this.turns = RedisTurns.connect(redisUrl);
  }

  readonly onAlone = (error: Error): void => {
    if (performance.now() - this.told < remind) return;
    this.told = performance.now();
    this.log.warn(`Redis is away (${error.message}); this process paces its requests by itself.`);
  };

  onApplicationShutdown(): void {
    this.turns.close();
  }
}

@Module({})
export class PaceModule {
  static register(redisUrl: string): DynamicModule {
    const desk = {
      provide: PacerDesk,
      inject: [PaceConnection],
      useFactory: ({ turns, onAlone }: PaceConnection) => new PacerDesk({ shared: turns, onAlone }),
    };
    return {
      module: PaceModule,
      providers: [{ provide: 'redis url of the pace', useValue: redisUrl }, PaceConnection, desk],
      exports: [PacerDesk],
    };
  }
}
