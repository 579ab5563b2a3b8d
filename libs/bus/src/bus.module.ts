/** Queues for whoever enqueues, workers for the services that name the queues they consume. */
import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { queues } from '@freshet/contracts';
import { Bus } from './bus';
import { consumerOf, type ConsumerOptions } from './consumer';
import { consumerConnection, producerConnection } from './redis-connection';

export interface BusOptions {
  redisUrl: string;
  consume?: ConsumerOptions;
}

@Module({})
export class BusModule {
  static register({ redisUrl, consume }: BusOptions): DynamicModule {
    return {
      module: BusModule,
      global: true,
      imports: [
        DiscoveryModule,
        BullModule.forRoot({ connection: consumerConnection(redisUrl) }),
        ...Object.values(queues).map((name) =>
          BullModule.registerQueue({ name, connection: producerConnection(redisUrl) }),
        ),
      ],
      providers: [Bus, ...(consume ? [consumerOf(consume)] : [])],
      exports: [Bus],
    };
  }
}
