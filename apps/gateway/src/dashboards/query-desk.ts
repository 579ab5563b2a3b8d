/** Runs people's queries for charts: bound to one set of pointers, from the cache when that is right, else once for all who ask. */
import { Inject, Injectable } from '@nestjs/common';
import { defaults, type AsOf, type Cell, type QueryResult as Answer } from '@freshet/contracts';
import { findSeqs, loadCatalog, type ReadInput, type Sql } from '@freshet/persistence';
import { Clock } from '@freshet/service-kit';
import type { BoundQuery, Readers } from '@freshet/warehouse';
import { notFound } from '../http/id-param';
import { cellsOf } from '../models/cells';
import { ProjectNames } from '../models/project-names';
import { READERS } from '../models/readers.module';
import { cacheKey, dependsOnClock, ResultCache, sizeOf, type CachedResult } from './result-cache';

export interface Question {
  sql: string;
  params: readonly Cell[];
  /** Reads anew, whatever the cache holds. */
  fresh: boolean;
}

/** A question bound to the pointers of one moment. */
export interface Prepared extends Question {
  bound: BoundQuery;
  inputs: ReadInput[];
  versions: Record<string, number>;
  asOf: AsOf[];
}

@Injectable()
export class QueryDesk {
  private readonly cache = new ResultCache();
  private readonly underWay = new Map<string, Promise<CachedResult>>();

  constructor(
    @Inject(READERS) private readonly readers: Readers,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** The pointers of a project as they are now; everything prepared by one of these is of one consistent set of versions. */
  async names(sql: Sql, projectId: string): Promise<ProjectNames> {
    const catalog = await loadCatalog(sql, projectId);
    // Another organization's project looks empty.
    const empty = catalog.tables.length + catalog.models.length === 0;
    if (empty && !(await findSeqs(sql, [projectId])).has(projectId)) throw notFound('The project');
    return new ProjectNames(projectId, catalog);
  }

  /** Binds a question and works out what it will contain. Throws the problems of a query (422), never hides one. */
  async prepare(sql: Sql, names: ProjectNames, question: Question): Promise<Prepared> {
    const bound = await names.bindToRun(question.sql);
    const inputs = names.inputsOf(bound);
    return {
      ...question,
      bound,
      inputs,
      versions: names.versionsOf(bound),
      asOf: await names.asOf(sql, inputs),
    };
  }

  /** From the cache when that is right. Throws as `prepare` does. */
  async answer(organizationId: string, projectId: string, prepared: Prepared): Promise<Answer> {
    const { bound, inputs, params, fresh, versions, asOf } = prepared;
    const key = cacheKey({ organizationId, projectId, bound, inputs, params });
    const cached = fresh ? null : this.cache.get(key, dependsOnClock(bound, params), this.clock.now());
    const { result, generatedAt } = cached ?? (await this.read(key, projectId, bound, params, fresh));
    return {
      columns: result.columns,
      rows: cellsOf(result.rows),
      versions,
      asOf,
      source: cached ? 'cache' : 'live',
      generatedAt: generatedAt.toISOString(),
      truncated: result.truncated,
      warnings: result.truncated
        ? [`Only the first ${defaults.chart.rows} rows are shown. Aggregate or filter to see all.`]
        : [],
    };
  }

  /** Many who ask the same at once get one query's answer; who wants it fresh gets one that begins now. */
  private read(
    key: string,
    projectId: string,
    bound: BoundQuery,
    params: readonly unknown[],
    fresh: boolean,
  ): Promise<CachedResult> {
    const running = fresh ? undefined : this.underWay.get(key);
    if (running) return running;
    const reading = this.run(projectId, bound, params).then((entry) => {
      this.cache.set(key, entry);
      return entry;
    });
    this.underWay.set(key, reading);
    const done = (): void => {
      if (this.underWay.get(key) === reading) this.underWay.delete(key);
    };
    reading.then(done, done);
    return reading;
  }

  private async run(projectId: string, bound: BoundQuery, params: readonly unknown[]): Promise<CachedResult> {
    const generatedAt = this.clock.now();
    const result = await this.readers.query(projectId, bound, {
      params,
      maxRows: defaults.chart.rows,
      maxBytes: defaults.chart.bytes,
      timeoutMs: defaults.statementTimeout.chart,
    });
    return { result, generatedAt, size: sizeOf(result) };
  }
}
