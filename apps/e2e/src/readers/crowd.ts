/** Eight readers who never stop while the model they read is refreshed, rolled back and released: what each of them saw. */
import type { Pool } from 'pg';
import { waitFor } from '@freshet/testing';
import type { Freshet } from '../bench/freshet';

/** Each refresh replaces all rows by those of the next batch: a result of two batches, or of none, is a wrong one. */
const rowsOf = (batch: number, count: number): string =>
  `id,batch\n${Array.from({ length: count }, (_, id) => `${id + 1},${batch}\n`).join('')}`;

const question =
  'SELECT count(*)::int AS n, count(DISTINCT batch)::int AS batches, min(batch)::int AS batch FROM';

export interface CrowdOptions {
  reads: number;
  refreshes: number;
  /** Of the model. */
  rows: number;
}

export interface CrowdReport {
  reads: number;
  /** Reads inside transactions that lasted over several refreshes. */
  readsInTransactions: number;
  refreshes: number;
  rollbacks: number;
  /** Sentences, one for each read that failed, was empty, or showed a mixture. */
  wrong: string[];
  /** Milliseconds of the slowest rollback call. */
  slowestRollback: number;
}

const throughApi = 5;
const inTransactions = 3;
/** Milliseconds that a reader's transaction stays open: several refreshes long. */
const transactionLasts = 4_000;

interface Answer {
  n: number;
  batches: number;
  batch: number;
}

export class Crowd {
  private readonly report: CrowdReport = {
    reads: 0,
    readsInTransactions: 0,
    refreshes: 0,
    rollbacks: 0,
    wrong: [],
    slowestRollback: 0,
  };
  private over = false;

  private constructor(
    private readonly freshet: Freshet,
    private readonly pool: Pool,
    private readonly options: CrowdOptions,
    private readonly source: { id: string },
    private readonly model: { id: string },
  ) {}

  static async gather(freshet: Freshet, pool: Pool, options: CrowdOptions): Promise<Crowd> {
    const source = await freshet.addFile('batches', rowsOf(0, options.rows));
    const model = await freshet.addModel({ name: 'crowded', sql: 'SELECT id, batch FROM batches.batches' });
    return new Crowd(freshet, pool, options, source, model);
  }

  /** Reads until both the reads and the refreshes are done. */
  async read(): Promise<CrowdReport> {
    const readers = [
      ...Array.from({ length: throughApi }, (_, n) => this.readThroughApi(n % 2 === 0)),
      ...Array.from({ length: inTransactions }, () => this.readInTransactions()),
    ];
    try {
      await this.refreshAllTheTime();
      await waitFor(() => this.report.reads >= this.options.reads, {
        timeout: 600_000,
        what: `${this.options.reads} reads`,
      });
    } finally {
      this.over = true;
      await Promise.all(readers);
    }
    return this.report;
  }

  private async refreshAllTheTime(): Promise<void> {
    const { refreshes, rows } = this.options;
    for (let batch = 1; batch <= refreshes; batch++) {
      this.freshet.files.serve('/batches.csv', rowsOf(batch, rows));
      await this.freshet.syncAndCascade(this.source.id);
      this.report.refreshes += 1;
      if (batch % Math.max(2, Math.floor(refreshes / 10)) === 0) await this.rollBackAndRelease(batch);
    }
  }

  /** One version back, and forward again: both move only the pointer. */
  private async rollBackAndRelease(batch: number): Promise<void> {
    const { api } = this.freshet;
    const params = { id: this.model.id };
    const { version } = await api.call('getModel', { params });
    const { items } = await api.call('listModelVersions', { params });
    const earlier = items.map((each) => each.version).find((each) => each < (version ?? 0));
    if (earlier === undefined) throw new Error('There is no earlier version to roll back to.');
    const begin = performance.now();
    await api.call('rollbackModel', { params, body: { version: earlier } });
    this.report.slowestRollback = Math.max(this.report.slowestRollback, performance.now() - begin);
    const shown = await this.ask(true);
    if (shown.batch !== batch - 1)
      this.wrong(`After the rollback of batch ${batch}, batch ${shown.batch} is shown.`);
    await api.call('releaseModel', { params });
    await waitFor(async () => (await this.ask(true)).batch === batch, { what: 'the release to be seen' });
    this.report.rollbacks += 1;
  }

  private async ask(fresh: boolean): Promise<Answer> {
    const { rows } = await this.freshet.api.call('runQuery', {
      params: { projectId: this.freshet.projectId },
      body: { sql: `${question} crowded`, fresh },
    });
    const [n, batches, batch] = rows[0] ?? [];
    return { n: Number(n), batches: Number(batches), batch: Number(batch) };
  }

  private async readThroughApi(fresh: boolean): Promise<void> {
    while (!this.over) await this.look(() => this.ask(fresh), 'A query');
  }

  /** As a tool that opened a transaction, bound the model once, and goes on reading what it bound. */
  private async readInTransactions(): Promise<void> {
    while (!this.over) {
      const { version } = await this.freshet.api.call('getModel', { params: { id: this.model.id } });
      const client = await this.pool.connect();
      try {
        await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
        const end = performance.now() + transactionLasts;
        while (!this.over && performance.now() < end) {
          const table = `p_${this.freshet.projectId}.m_${this.model.id}_v${version}`;
          await this.look(async () => {
            this.report.readsInTransactions += 1;
            return (await client.query<Answer>(`${question} ${table}`)).rows[0] as Answer;
          }, `A read of v${version} in a transaction`);
        }
        await client.query('COMMIT');
      } finally {
        client.release();
      }
    }
  }

  private async look(read: () => Promise<Answer>, what: string): Promise<void> {
    try {
      const { n, batches } = await read();
      if (n !== this.options.rows || batches !== 1)
        this.wrong(`${what} gave ${n} rows of ${batches} batches.`);
    } catch (error) {
      this.wrong(`${what} failed: ${(error as Error).message}`);
    }
    this.report.reads += 1;
  }

  private wrong(sentence: string): void {
    this.report.wrong.push(sentence);
  }
}
