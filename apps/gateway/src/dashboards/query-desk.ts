/** Runs people's queries for charts: bound to one set of pointers, from the cache when that is right, else once for all who ask. */
import { Inject, Injectable } from '@nestjs/common';
import { defaults, FreshetError, toFreshetError } from '@freshet/contracts';
import type { DashboardQueries } from '@freshet/persistence';
import { Clock, LOG, type Log } from '@freshet/service-kit';
import type { Readers } from '@freshet/warehouse';
import { DatabaseReach } from '../control/database-reach';
import { READERS } from '../models/readers.module';
import { LastGood } from './last-good';
import type { Prepared, ProjectView, Question } from './project-view';
import { ProjectViews } from './project-views';
import { cachedResult, dependsOnClock, ResultCache, type CachedResult } from './result-cache';
import type { ShownResult } from './shown-result';

export interface Asked {
  organizationId: string;
  projectId: string;
  /** Reads anew, whatever the cache holds. */
  fresh: boolean;
  /** As it was published then, ISO 8601. */
  asOf?: string | undefined;
}

@Injectable()
export class QueryDesk {
  private readonly cache = new ResultCache();
  private readonly underWay = new Map<string, Promise<CachedResult>>();

  constructor(
    @Inject(READERS) private readonly readers: Readers,
    @Inject(ProjectViews) private readonly views: ProjectViews,
    @Inject(LastGood) private readonly lastGood: LastGood,
    @Inject(DatabaseReach) private readonly database: DatabaseReach,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /** Answers all questions from one set of pointers; each has its own result or its own error, in their order. */
  async ask(asked: Asked, questions: readonly Question[]): Promise<(ShownResult | FreshetError)[]> {
    let prepared: (Prepared | FreshetError)[];
    try {
      prepared = await this.prepare(await this.viewFor(asked), questions);
    } catch (error) {
      return Promise.all(questions.map((question) => this.fallback(asked, question, error)));
    }
    return Promise.all(
      prepared.map(async (each) => {
        if (each instanceof FreshetError) return each;
        try {
          return await this.answer(each, asked);
        } catch (error) {
          return this.fallback(asked, each.question, error);
        }
      }),
    );
  }

  /** What a dashboard asks. Throws `not_found`. */
  async dashboard(organizationId: string, id: string): Promise<DashboardQueries> {
    try {
      const queries = await this.views.dashboard(organizationId, id);
      this.lastGood.keepDashboard(organizationId, id, queries);
      return queries;
    } catch (error) {
      const last = (await this.database.isAway(error))
        ? await this.lastGood.findDashboard(organizationId, id)
        : null;
      if (last) return last;
      throw error;
    }
  }

  private async viewFor({ organizationId, projectId, asOf }: Asked): Promise<ProjectView> {
    const view = await this.views.view(organizationId, projectId);
    return asOf === undefined ? view : this.views.viewAt(view, asOf);
  }

  /** Binds questions and works out what their results will contain. A query's own problem is that question's answer. */
  private async prepare(
    view: ProjectView,
    questions: readonly Question[],
  ): Promise<(Prepared | FreshetError)[]> {
    const bound = await Promise.all(
      questions.map(async (question) => {
        try {
          return view.preparedBefore(question) ?? { question, bound: await view.bind(question), key: null };
        } catch (error) {
          if (error instanceof FreshetError) return error;
          throw error;
        }
      }),
    );
    const inputs = bound.flatMap((each) =>
      each instanceof FreshetError || each.key !== null ? [] : view.names.inputsOf(each.bound),
    );
    await this.views.loadContents(view, inputs);
    return bound.map((each) => {
      if (each instanceof FreshetError || each.key !== null) return each;
      return view.prepare(each.question, each.bound);
    });
  }

  /** From the cache when that is right. Throws the problems of a query (422), never hides one. */
  private async answer(prepared: Prepared, { fresh, asOf }: Asked): Promise<ShownResult> {
    const { key, bound, question, facts } = prepared;
    const clockDependent = dependsOnClock(bound, question.params);
    const cached = fresh ? null : this.cache.get(key, clockDependent, this.clock.now());
    const result = cached ?? (await this.read(prepared, fresh));
    const good = { ...result, facts };
    if (!cached && asOf === undefined)
      this.lastGood.keep(prepared.organizationId, prepared.projectId, question, good);
    return { ...good, source: cached ? 'cache' : 'live' };
  }

  /** The last good result, if the database is away and there is one; else the error, as it is. */
  private async fallback(
    { organizationId, projectId, asOf }: Asked,
    question: Question,
    thrown: unknown,
  ): Promise<ShownResult | FreshetError> {
    const isAway = asOf === undefined && (await this.database.isAway(thrown));
    const last = isAway ? await this.lastGood.find(organizationId, projectId, question) : null;
    if (last) return { ...last, source: 'fallback' };
    const problem = isAway ? unreachable(thrown) : toFreshetError(thrown);
    if (problem.code === 'internal') this.log.error({ err: thrown }, 'A chart failed');
    return problem;
  }

  /** Many who ask the same at once get one query's answer; who wants it fresh gets one that begins now. */
  private read(prepared: Prepared, fresh: boolean): Promise<CachedResult> {
    const { key } = prepared;
    const running = fresh ? undefined : this.underWay.get(key);
    if (running) return running;
    const reading = this.run(prepared).then((entry) => {
      if (entry.changed.length === 0) this.cache.set(key, entry);
      return entry;
    });
    this.underWay.set(key, reading);
    const done = (): void => {
      if (this.underWay.get(key) === reading) this.underWay.delete(key);
    };
    reading.then(done, done);
    return reading;
  }

  private async run({ organizationId, projectId, bound, tables, question }: Prepared): Promise<CachedResult> {
    const generatedAt = this.clock.now();
    const reading = this.readers.query(projectId, bound, {
      params: question.params,
      maxRows: defaults.chart.rows,
      maxBytes: defaults.chart.bytes,
      timeoutMs: defaults.statementTimeout.chart,
    });
    const result = await this.database.whilePresent(reading);
    // Versions of models never change. A table's rows can have changed between its revision and its rows.
    const changed = tables.length
      ? (await this.views.view(organizationId, projectId, true)).changed(tables)
      : [];
    return cachedResult(result, generatedAt, changed);
  }
}

const unreachable = (cause: unknown): FreshetError =>
  new FreshetError('unavailable', 'The database is not reachable just now. Try again in a moment.', {
    cause,
  });
