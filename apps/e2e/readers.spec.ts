/** Nobody who reads a model notices its refreshes; the long run of the same is the bench's case `crowd`. */
import { Freshet } from './src/bench/freshet';
import { useFreshet } from './src/harness/use-freshet';
import { Crowd } from './src/readers/crowd';

describe('eight readers of a model that is refreshed, rolled back and released all the time', () => {
  const freshet = useFreshet();

  it('see one whole version each time: no error, no empty and no mixed result', async () => {
    const bench = new Freshet(freshet.api, freshet.projectId, freshet.files);
    const crowd = await Crowd.gather(bench, freshet.postgres.pool, {
      reads: 2_000,
      refreshes: 10,
      rows: 500,
    });
    const report = await crowd.read();
    expect(report.wrong).toEqual([]);
    expect(report).toMatchObject({ refreshes: 10, rollbacks: 5 });
    expect(report.readsInTransactions).toBeGreaterThan(0);
  }, 120_000);
});
