/** Readers and refreshes at once, for long: reads that went wrong. */
import type { BenchCase } from '../bench';
import { Crowd } from '../../readers/crowd';

export const crowd: BenchCase = {
  name: 'reads that failed, or were empty or mixed, by 8 readers while the model is refreshed',
  goal: { atMost: 0, unit: 'reads' },
  async run(bench) {
    const freshet = await bench.freshet();
    const options = { reads: bench.rows / 10, refreshes: Math.ceil(bench.rows / 5_000), rows: 500 };
    const report = await (await Crowd.gather(freshet, bench.pool, options)).read();
    return {
      value: report.wrong.length,
      detail: `${report.reads} reads, ${report.readsInTransactions} of them in transactions of 4 s, during ${report.refreshes} refreshes and ${report.rollbacks} rollbacks (slowest call ${report.slowestRollback.toFixed(0)} ms)${report.wrong[0] ? `; first: ${report.wrong[0]}` : ''}`,
    };
  },
};
