/** The pointers of projects and the questions of dashboards, from memory as long as PostgreSQL told of no change. */
import { Inject, Injectable } from '@nestjs/common';
import {
  findSeqs, listCharts, loadCatalog, loadPublishedAt, loadStreamContents, type DashboardQueries, type ReadInput,
} from '@freshet/persistence'; // prettier-ignore
import { News, toldChannels } from '../control/news';
import { Remembered } from '../control/remembered';
import { TenantReads } from '../control/tenant-reads';
import { notFound } from '../http/id-param';
import { inputKey, ProjectView } from './project-view';

const most = { projects: 200, dashboards: 5_000 };

@Injectable()
export class ProjectViews {
  private readonly views: Remembered<ProjectView>;
  private readonly dashboards: Remembered<DashboardQueries>;

  constructor(
    @Inject(TenantReads) private readonly reads: TenantReads,
    @Inject(News) news: News,
  ) {
    this.views = new Remembered(news, most.projects);
    this.dashboards = new Remembered(news, most.dashboards);
    news.on(toldChannels.pointers, (projectId) => {
      this.views.forgetGroup(String(projectId));
      this.dashboards.forgetGroup(String(projectId));
    });
  }

  /**
   * All pointers of a project as they are now, at most 100 ms ago; `strict`: not before this call. Everything bound by one
   * of these is of one consistent set of versions (spec DB6). Throws `not_found` for another organization's project too.
   */
  view(organizationId: string, projectId: string, strict = false): Promise<ProjectView> {
    const read = () =>
      this.reads.read(organizationId, async (sql) => {
        const catalog = await loadCatalog(sql, projectId);
        // Another organization's project looks empty.
        const empty = catalog.tables.length + catalog.models.length === 0;
        if (empty && !(await findSeqs(sql, [projectId])).has(projectId)) throw notFound('The project');
        return { value: new ProjectView(organizationId, projectId, catalog), group: projectId };
      });
    return this.views.get({ key: `${organizationId}:${projectId}`, organizationId, strict, read });
  }

  /** Throws `not_found`. */
  dashboard(organizationId: string, id: string): Promise<DashboardQueries> {
    const read = () =>
      this.reads.read(organizationId, async (sql) => {
        const value = await listCharts(sql, id);
        if (!value) throw notFound('The dashboard');
        return { value, group: value.projectId };
      });
    return this.dashboards.get({ key: `${organizationId}:${id}`, organizationId, read });
  }

  /** The project as it was published at an earlier moment, ISO 8601. */
  async viewAt(view: ProjectView, moment: string): Promise<ProjectView> {
    const { organizationId, projectId } = view;
    const published = await this.reads.read(organizationId, (sql) => loadPublishedAt(sql, projectId, moment));
    return view.at(moment, published);
  }

  /** Sees to it that the view knows what all of these contain. */
  async loadContents(view: ProjectView, inputs: readonly ReadInput[]): Promise<void> {
    const wanted = new Map(inputs.map((input) => [inputKey(input), input]));
    const missing = [...wanted].filter(([key]) => !view.contents.has(key));
    if (missing.length === 0) return;
    const loaded = await this.reads.read(view.organizationId, (sql) =>
      loadStreamContents(
        sql,
        missing.map(([, input]) => input),
      ),
    );
    const byInput = Map.groupBy(loaded, ({ input }) => input);
    missing.forEach(([key], place) => view.contents.set(key, byInput.get(place) ?? []));
  }
}
