import 'reflect-metadata';
import { collectHandlers, Handles } from './handler';

@Handles('sync.run')
class RunSync {
  handle(): Promise<void> {
    return Promise.resolve();
  }
}

@Handles('sync.run')
class RunSyncToo extends RunSync {}

describe('handlers of a service', () => {
  it('are found by the job they are decorated with', () => {
    const handler = new RunSync();
    expect(collectHandlers([{}, handler], ['sync'])).toEqual(new Map([['sync.run', handler]]));
  });

  it('must be there for every job of a consumed queue, or the service does not boot', () => {
    expect(() => collectHandlers([new RunSync()], ['sync', 'cascade'])).toThrow(
      'No handler carries out refresh.model',
    );
  });

  it('must not be two for one job', () => {
    expect(() => collectHandlers([new RunSync(), new RunSyncToo()], ['sync'])).toThrow(
      'Two handlers carry out the job sync.run',
    );
  });
});
