/** Gives the queries of `sql` guards the same gate and binding as a model's own, with the version just built in the model's place. */
import { FreshetError, type Guard } from '@freshet/contracts';
import { bindQuery } from '../binding/bind-query';
import type { BoundQuery, Resolve } from '../binding/bound-query';
import {
  namesIn,
  resolveIn,
  unbuiltInputs,
  type CatalogNames,
  type ChosenVersions,
} from '../binding/catalog';
import { parseQuery } from '../gate/parse-query';
import { sqlRefused } from '../gate/refuse';
import { qualifiedVersion } from './version';

export interface GuardScope extends ChosenVersions {
  projectId: string;
  catalog: CatalogNames;
  /** The model whose guard it is: its name stands for this version. Any version will do when only the query is to be checked. */
  model: { modelId: string; name: string; version: number };
}

/**
 * Binds one guard's query; any other name stands for what `versionOf` says, as in the build. Throws `sql_refused` with the position in the
 * guard's text, and `input_not_built` when it reads what has no data yet.
 */
export const bindGuardQuery = async (guard: Guard, scope: GuardScope): Promise<BoundQuery> => {
  const { projectId, catalog, model, versionOf } = scope;
  const parsed = await parseQuery(guard.sql ?? '');
  if (parsed.parameterCount > 0) throw sqlRefused("A guard's query takes no parameters such as $1.");
  const chosen: ChosenVersions = versionOf ? { versionOf } : {};
  const others = resolveIn(projectId, catalog, chosen);
  const resolve: Resolve = (ref) =>
    ref.name.length === 1 && ref.name[0] === model.name
      ? { kind: 'model', id: model.modelId, physical: qualifiedVersion({ projectId, ...model }) }
      : others(ref);
  const bound = bindQuery(parsed, resolve, { known: [...new Set([...namesIn(catalog), model.name])] });
  const rest = { ...bound, models: bound.models.filter((id) => id !== model.modelId) };
  const [unbuilt] = unbuiltInputs(rest, catalog, chosen);
  if (unbuilt !== undefined)
    throw new FreshetError('input_not_built', `${unbuilt}, which the guard reads, has no data yet.`);
  return bound;
};

/** For `GuardSubject.boundSql`: the bound text of each guard, or the error that binding it gave, thrown when it is asked for. */
export const bindGuards = async (
  guards: readonly Guard[],
  scope: GuardScope,
): Promise<(guard: Guard) => string> => {
  const bound = new Map<Guard, { text: string } | { error: unknown }>();
  for (const guard of guards.filter(({ kind }) => kind === 'sql')) {
    bound.set(guard, await bindGuardQuery(guard, scope).catch((error: unknown) => ({ error })));
  }
  return (guard) => {
    const found = bound.get(guard);
    if (!found) throw new FreshetError('invalid_input', 'Its query was not bound.');
    if ('error' in found) throw found.error;
    return found.text;
  };
};
