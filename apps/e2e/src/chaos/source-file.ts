/** The file behind one source, in generations: each changes some rows, and its totals are remembered, so that any mixture of two is recognised. */
import { createHash } from 'node:crypto';
import { pick, type Random } from '../harness/random';

interface Row {
  id: number;
  bucket: number;
  /** Hundredths. */
  v: number;
  /** 1 makes the failing and the guarded model fail. */
  trip: 0 | 1;
  /** In which generation the row was last changed. The latest generation always changed one. */
  gen: number;
}

export interface Totals {
  n: number;
  /** As PostgreSQL writes the exact sum. */
  s: string;
}

const buckets = 60;
const money = (hundredths: number): string =>
  `${Math.floor(hundredths / 100)}.${String(hundredths % 100).padStart(2, '0')}`;

export class SourceFile {
  generation = 0;
  private rows: Row[];
  private readonly totals = new Map<number, Totals>();
  private readonly digests = new Map<string, number>();
  private nextId: number;

  constructor(
    private readonly random: Random,
    size: number,
  ) {
    this.rows = Array.from({ length: size }, (_, place) => this.row(place + 1));
    this.nextId = size + 1;
    this.remember();
  }

  get isTripped(): boolean {
    return this.rows.some(({ trip }) => trip === 1);
  }

  get count(): number {
    return this.rows.length;
  }

  /** The next generation: some rows go, some come, some are restated. */
  change({ trip = false }: { trip?: boolean } = {}): void {
    this.generation += 1;
    const { random, rows } = this;
    if (rows.length > 60) rows.splice(pick(random, rows.length), pick(random, 12));
    for (const row of rows) if (row.trip) Object.assign(row, { trip: 0, gen: this.generation });
    for (let n = pick(random, 25); n > 0; n--) {
      const row = rows[pick(random, rows.length)];
      if (row) Object.assign(row, { v: pick(random, 1_000_000), gen: this.generation });
    }
    for (let n = 1 + pick(random, rows.length > 600 ? 4 : 12); n > 0; n--) rows.push(this.row(this.nextId++));
    const marked = rows.at(-1);
    if (trip && marked) marked.trip = 1;
    this.remember();
  }

  private row(id: number): Row {
    const { random, generation: gen } = this;
    return { id, bucket: pick(random, buckets), v: pick(random, 1_000_000), trip: 0, gen };
  }

  private remember(): void {
    const sum = this.rows.reduce((total, { v }) => total + v, 0);
    this.totals.set(this.generation, { n: this.rows.length, s: money(sum) });
    this.digests.set(this.digest, this.generation);
  }

  private lines(): string[] {
    return this.rows.map(({ id, bucket, v, trip, gen }) => [id, bucket, money(v), trip, gen].join());
  }

  get text(): string {
    return `id,bucket,v,trip,gen\n${this.lines().join('\n')}\n`;
  }

  /** Of all rows in the order of their ids, as `digestQuery` computes it. */
  get digest(): string {
    return createHash('md5').update(this.lines().join('\n')).digest('hex');
  }

  /** The generation whose rows are these. */
  generationOf(digest: string): number | undefined {
    return this.digests.get(digest);
  }

  totalsOf(generation: number): Totals | undefined {
    return this.totals.get(generation);
  }
}

export const digestQuery = (table: string): string =>
  `SELECT md5(string_agg(id || ',' || bucket || ',' || v || ',' || trip || ',' || gen, E'\\n' ORDER BY id)) FROM ${table}`;
