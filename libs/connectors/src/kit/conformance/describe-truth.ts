/** Whether what is read is what the vendor has: to the last digit, again, a day later, over changed clocks, and from the archive. */
import type { Batch, Page } from '../connector';
import type { ConnectorUnderTest, Started } from './connector-under-test';
import { timesAfter } from './cells';
import type { WithTrial } from './describe-connector';

const rowsOf = (batches: readonly Batch[]): string[] =>
  batches.flatMap(({ rows }) => rows.map((row) => JSON.stringify(row)));
const dayLength = 86_400_000;
/** Evening of the day on which American clocks were put back, when it is tomorrow in UTC. */
const clocksBack = '2026-11-02T00:30:00Z';

export const describeTruth = <S extends Started>(
  { connector }: ConnectorUnderTest<S>,
  withTrial: WithTrial<S>,
): void => {
  it(
    'reads each stream to the last digit, again without a difference, and a day later what was restated',
    withTrial(async (trial) => {
      const syncs = trial.syncs();
      for (const [stream, sync] of syncs) {
        const tomorrow = new Date(trial.clock.now().getTime() + dayLength);
        const { batches } = await trial.complete(sync);
        expect({ stream: stream.name, isEmpty: sync.table.size === 0 }).toMatchObject({ isEmpty: false });
        expect(batches.flatMap(({ rejects }) => rejects).slice(0, 3)).toEqual([]);
        expect(batches.flatMap(({ checkpoint }) => timesAfter(checkpoint, tomorrow))).toEqual([]);
        await trial.expectTruth(sync, stream);
        await trial.complete(sync);
        await trial.expectTruth(sync, stream);
      }
      trial.clock.nextDay();
      for (const [stream, sync] of syncs) {
        await trial.complete(sync);
        await trial.expectTruth(sync, stream);
      }
    }),
  );

  it(
    'cuts the days of the account where clocks are put back',
    withTrial(async (trial) => {
      const sync = trial.sync();
      await trial.complete(sync);
      await trial.expectTruth(sync);
    }, clocksBack),
  );

  if (connector.replay) {
    const { replay } = connector;
    it(
      'makes the same rows of archived pages as of fresh ones',
      withTrial(async (trial) => {
        const sync = trial.sync();
        await trial.complete(sync);
        const account = await connector.account(...trial.source, trial.context());
        const [config, credentials] = trial.source;
        const { slicing, name } = sync.spec;
        const slice = slicing && sync.days ? sync.days : {};
        const request = {
          config,
          credentials,
          account,
          slice,
          stream: name,
          checkpoint: null,
          knownColumns: null,
        };
        const pages: Page[] = [];
        const fresh: Batch[] = [];
        for await (const batch of connector.read(request, trial.context({ pages }))) fresh.push(batch);
        const stored = JSON.parse(JSON.stringify(pages)) as Page[];
        const replayed: Batch[] = [];
        for await (const batch of replay(request, fromArchive(stored))) replayed.push(batch);
        expect(rowsOf(replayed)).toEqual(rowsOf(fresh));
        expect(rowsOf(fresh).length).toBeGreaterThan(0);
      }),
    );
  }
};

const fromArchive = async function* (pages: readonly Page[]): AsyncGenerator<Page> {
  yield* pages;
};
