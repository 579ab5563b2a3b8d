/** Queues for whoever enqueues, workers for the services that name the queues they consume. */
import { BullModule } from '@nestjs/bullmq';
import { Module, type DynamicModule } from '@nestjs/common';
import { DiscoveryModule } from '@nestjs/core';
import { queues } from '@freshet/contracts';
import { Bus } from './bus';
import { consumerOf, type ConsumerOptions } from './consumer';
import { producerConnection } from './redis-connection';

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
        BullModule.forRoot({ connection: producerConnection(redisUrl) }),
        ...Object.values(queues).map((name) => BullModule.registerQueue({ name })),
      ],
      providers: [Bus, ...(consume ? [consumerOf(consume, redisUrl)] : [])],
      exports: [Bus],
    };
  }
}
