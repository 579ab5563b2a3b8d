/**
 * A short run of `npm run chaos`, the same code by one seed: a few of each fault, and the truth in the end. What it finds
 * is repeated by the seed below; how a long run is started and read is told in docs/reliability.md.
 */
import { runChaos, type ChaosReport } from './src/chaos/chaos';

const seed = 20_261_122;

describe(`everything that can break, breaks for seconds (seed ${seed})`, () => {
  let report: ChaosReport;

  beforeAll(async () => {
    report = await runChaos({
      seed,
      seconds: 12,
      short: true,
      verify: false,
      size: { projects: 2, modelsPerProject: 6, rows: 120, together: false },
      tell: () => undefined,
    });
  }, 120_000);

  it('nothing is lost, doubled or mixed, and no reader sees an error that no fault explains', () => {
    expect(report.findings).toEqual([]);
  });

  it('services were really killed, and servers lost', () => {
    const { figures } = report;
    expect(figures.kills).toBeGreaterThanOrEqual(3);
    expect(figures.redisLosses + figures.postgresStops).toBeGreaterThanOrEqual(2);
  });

  it('work went on meanwhile', () => {
    const { figures } = report;
    expect(figures.syncs['completed']).toBeGreaterThan(4);
    expect(figures.published).toBeGreaterThan(20);
    expect(figures.reads).toBeGreaterThan(100);
  });
});
