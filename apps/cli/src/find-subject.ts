/** Finds the model or chart that somebody names, in all projects that the key opens. */
import type { ApiClient } from '@freshet/sdk';
import { exitCodes, Failure, usageFailure } from './failures';

export interface FoundSubject {
  kind: 'model' | 'chart';
  id: string;
  name: string;
  projectId: string;
  /** For telling several apart: `project` or `project / dashboard`. */
  place: string;
}

export interface Wanted {
  /** A name, a chart's title, or an id. */
  name: string;
  kind?: 'model' | 'chart' | undefined;
  /** Id, slug or name of the project. */
  project?: string | undefined;
}

/** A model of that name goes before a chart. Throws a failure when there is none, or more than one. */
export async function findSubject(api: ApiClient, { name, kind, project }: Wanted): Promise<FoundSubject> {
  const projects = await openProjects(api, project);
  const known: FoundSubject[] = [];
  for (const [what, list] of [['model', modelsOf], ['chart', chartsOf]] as const) {
    if (kind !== undefined && kind !== what) continue;
    const subjects = (await Promise.all(projects.map((each) => list(api, each)))).flat();
    const found = named(subjects, name);
    if (found.length > 1) throw severalFound(name, found);
    if (found[0]) return found[0];
    known.push(...subjects);
  } // prettier-ignore
  throw new Failure(
    `There is no ${kind ?? 'model or chart'} "${name}".${suggestion(name, known)}`,
    exitCodes.notFound,
  );
}

interface OpenProject {
  id: string;
  name: string;
}

async function openProjects(api: ApiClient, wanted: string | undefined): Promise<OpenProject[]> {
  const { projects } = await api.call('me');
  if (wanted === undefined) return projects;
  const found = projects.filter(({ id, slug, name }) => [id, slug, name].includes(wanted));
  if (found.length > 0) return found;
  const names = projects.map(({ slug }) => slug).join(', ');
  throw new Failure(`There is no project "${wanted}". There are: ${names || 'none'}.`, exitCodes.notFound);
}

async function modelsOf(api: ApiClient, project: OpenProject): Promise<FoundSubject[]> {
  const { nodes } = await api.call('lineage', { params: { projectId: project.id } });
  return nodes.flatMap(({ kind, id, name }) =>
    kind === 'model' ? [{ kind, id, name, projectId: project.id, place: project.name }] : [],
  );
}

async function chartsOf(api: ApiClient, project: OpenProject): Promise<FoundSubject[]> {
  const found: FoundSubject[] = [];
  for (let after: string | null | undefined; after !== null;) {
    const page = await api.call('listDashboards', {
      params: { projectId: project.id },
      query: { limit: 200, after },
    });
    for (const { id, name } of page.items) {
      const { charts } = await api.call('getDashboard', { params: { id } });
      const place = `${project.name} / ${name}`;
      found.push(
        ...charts.map((chart) => ({
          kind: 'chart' as const,
          id: chart.id,
          name: chart.title,
          projectId: project.id,
          place,
        })),
      );
    }
    after = page.nextCursor;
  }
  return found;
}

/** By name; letters' case counts only when it tells two apart; then by id. */
function named(subjects: readonly FoundSubject[], name: string): FoundSubject[] {
  const exact = subjects.filter((subject) => subject.name === name);
  if (exact.length > 0) return exact;
  const similar = subjects.filter((subject) => subject.name.toLowerCase() === name.toLowerCase());
  return similar.length > 0 ? similar : subjects.filter(({ id }) => id === name);
}

const severalFound = (name: string, found: readonly FoundSubject[]): Failure =>
  usageFailure(
    [
      `"${name}" could be several; give its id:`,
      ...found.map(({ kind, id, place }) => `  ${id}  ${kind} in ${place}`),
    ].join('\n'),
  );

function suggestion(name: string, known: readonly FoundSubject[]): string {
  const wanted = name.toLowerCase();
  const near = known.filter(
    (subject) => subject.name.toLowerCase().includes(wanted) || wanted.includes(subject.name.toLowerCase()),
  );
  const names = (near.length > 0 ? near : known).slice(0, 5).map((subject) => subject.name);
  if (names.length === 0) return '';
  return near.length > 0
    ? ` Did you mean ${names.join(' or ')}?`
    : ` There are, among others: ${names.join(', ')}.`;
}
