/** What has to hold of a model's definition before it is saved: its queries may run, and it closes no circle. */
import { FreshetError, type CreateModel, type Guard } from '@freshet/contracts';
import { buildGraph, findCycle } from '@freshet/domain';
import { loadCascadeState, loadCatalog, type InputEdge, type Sql } from '@freshet/persistence';
import { bindGuardQuery, parseQuery } from '@freshet/warehouse';
import { edgesOf, ProjectNames } from './project-names';

type ShadowTime = Partial<Pick<CreateModel, 'mode' | 'shadowUntil'>>;

/** Throws `sql_refused` for a query that may not run, and `cycle` naming the circle that saving it would close. */
export async function inputsOf(
  sql: Sql,
  projectId: string,
  text: string,
  modelId = 'new',
): Promise<InputEdge[]> {
  const inputs = edgesOf(
    new ProjectNames(projectId, await loadCatalog(sql, projectId)).bind(await parseQuery(text)),
  );
  const models = (await loadCascadeState(sql, [projectId])).models.filter(({ deleted }) => !deleted);
  const cycle = findCycle(buildGraph(models), { id: modelId, inputs });
  if (cycle) {
    const names = cycle.map((id) => models.find((model) => model.id === id)?.name ?? id);
    throw new FreshetError(
      'cycle',
      `Models would read each other in a circle: ${names.join(' → ')}. Let one of them read something else.`,
      { extra: { cycle: names } },
    );
  }
  return inputs;
}

/** Throws as the gate does for a guard whose query may not run, saying which one. What it reads need not be built yet. */
export async function checkGuards(
  sql: Sql,
  model: { projectId: string; id: string; name: string },
  guards: readonly Guard[],
): Promise<void> {
  if (!guards.some(({ kind }) => kind === 'sql')) return;
  const { projectId, id: modelId, name } = model;
  const scope = {
    projectId,
    catalog: await loadCatalog(sql, projectId),
    model: { modelId, name, version: 0 },
  };
  for (const [index, guard] of guards.entries()) {
    if (guard.kind !== 'sql') continue;
    try {
      await bindGuardQuery(guard, scope);
    } catch (error) {
      if (!(error instanceof FreshetError)) throw error;
      if (error.code === 'input_not_built') continue;
      const errors = [{ path: `guards.${index}.sql`, message: error.message }];
      throw new FreshetError(error.code, error.message, { ...error.details, errors });
    }
  }
}

/** Throws `invalid_input` for a time that is no end of a shadow mode. */
export function endOfShadow({ mode, shadowUntil }: ShadowTime, now: Date): Date | null | undefined {
  if (mode === 'live' || shadowUntil === null) return null;
  if (shadowUntil === undefined) return undefined;
  const end = new Date(shadowUntil);
  if (end > now) return end;
  throw new FreshetError('invalid_input', 'Give a time in the future at which shadow mode ends, as in 2030-01-01T00:00:00Z.', {
    errors: [{ path: 'shadowUntil', message: 'Give a time in the future.' }],
  }); // prettier-ignore
}
