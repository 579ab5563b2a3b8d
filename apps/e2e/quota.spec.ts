/**
 * A month of two properties under quotas that last for a few days of it: hours pass in seconds. `npm run chaos -- --quota` reads a year
 * of twenty under Google's standard ones (docs/connectors.md).
 */
import { quotaRun, type QuotaReport } from './src/quota/quota-run';

describe('a vendor’s quota that is used up again and again', () => {
  let report: QuotaReport;

  beforeAll(async () => {
    report = await quotaRun({
      properties: 2,
      days: 30,
      reports: ['traffic'],
      factor: 1_800,
      priceFactor: 1,
      quotas: { tokensPerProjectPerHour: 80 },
      tell: () => undefined,
    });
  }, 60_000);

  it('parks the runs, and wakes them when it is back, without anybody’s hand', () => {
    expect(report.parked).toBeGreaterThanOrEqual(4);
    expect(report.failed).toBe(0);
  });

  it('costs no day a second request', () => {
    expect(report.asked).toMatchObject({ again: 0, given: expect.any(Number) });
    expect(report.asked.given).toBeGreaterThanOrEqual(2 * 31);
  });

  it('leaves every table as the vendor shows it', () => {
    expect(report.differences).toEqual([]);
  });
});
