/**
 * Every connector syncs some days from a vendor that misbehaves, all side by side, until a kill has met each of them at work.
 * `npm run chaos -- --connectors` does the same for long, one connector after the other (docs/connectors.md).
 */
import { stormTogether, type StormReport } from './src/connectors/storm';
import { trials } from './src/connectors/trials';

const seed = 20_261_123;
const types = Object.keys(trials);

describe(`connectors whose sync is killed (seed ${seed})`, () => {
  let reports: StormReport[];

  beforeAll(async () => {
    reports = await stormTogether(types, { seed, days: 6, tell: () => undefined });
  }, 120_000);

  it.each(types)('%s ends with the vendor’s truth, to the digit', (type) => {
    const { kills, differences } = reports.find((report) => report.type === type) ?? {};
    expect(kills).toBeGreaterThanOrEqual(1);
    expect(differences).toEqual([]);
  });
});
