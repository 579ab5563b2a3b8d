/** Gives a model another name: refused while others read it by its present one, or written into their queries (MB1, CA). */
import { FreshetError, type Guard, type RenameRepair } from '@freshet/contracts';
import {
  DataModel,
  findNamers,
  lockForChange,
  rewriteQueries,
  type EntityManager,
  type Namer,
  type Sql,
} from '@freshet/persistence';
import { readsModel, rewriteName } from './rewrite-name';

interface Named {
  id: string;
  projectId: string;
  name: string;
}

/** A query that reads the model, as it has to be once the model is called otherwise. */
type Rewritten = Namer & { newSql: string; newGuards: Guard[] };

/** In the order in which everything locks several models; before the project is locked. */
export async function lockForRename(em: EntityManager, sql: Sql, id: string): Promise<void> {
  const model = await em.findOne(DataModel, { id, deletedAt: null }, { disableIdentityMap: true });
  const namers = model
    ? await findNamers(sql, { projectId: model.projectId, modelId: id, name: model.name })
    : [];
  const lock = async (table: 'data_model' | 'dashboard', ids: readonly string[]): Promise<void> => {
    for (const each of [...new Set(ids)].sort((a, b) => Number(a) - Number(b)))
      await lockForChange(sql, table, each);
  };
  await lock('data_model', [id, ...namers.flatMap((namer) => (namer.kind === 'model' ? [namer.id] : []))]);
  await lock('dashboard', namers.flatMap((namer) => (namer.kind === 'chart' ? [namer.dashboardId] : []))); // prettier-ignore
}

/**
 * Rewrites the queries that read the model. Throws `has_dependents` with them when that was not asked for, `name_taken`,
 * and `conflict` for a query in which the new name means something else: then nothing is changed.
 */
export async function repairReaders(
  em: EntityManager,
  sql: Sql,
  model: Named,
  newName: string,
  repair: boolean,
): Promise<RenameRepair> {
  await requireFreeName(em, model.projectId, newName);
  const readers = await rewrittenReaders(sql, model, newName);
  const models = readers.flatMap((reader) => (reader.kind === 'model' ? [reader] : []));
  const charts = readers.flatMap((reader) => (reader.kind === 'chart' ? [reader] : []));
  if (!repair && readers.length > 0) {
    throw new FreshetError('has_dependents', 'Other models or dashboards read it by its present name.', {
      action: 'Rename it with ?repair=true to have the new name written into their queries.',
      extra: {
        dependents: {
          models: models.map(({ id, name }) => ({ id, name })),
          charts: charts.map(({ id, name, dashboardId }) => ({ id, title: name, dashboardId })),
        },
      },
    });
  }
  await rewriteQueries(sql, {
    models: models.map(({ id, newSql, newGuards }) => ({ id, sql: newSql, guards: newGuards })),
    charts: charts.map(({ id, newSql, dashboardId }) => ({ id, sql: newSql, dashboardId })),
  });
  return {
    models: models.map(({ id, name }) => ({ id, name })),
    charts: charts.map(({ id, name, dashboardId }) => ({ id, title: name, dashboardId })),
  };
}

async function rewrittenReaders(sql: Sql, model: Named, newName: string): Promise<Rewritten[]> {
  const { id: modelId, projectId, name } = model;
  const rewritten = await Promise.all(
    (await findNamers(sql, { projectId, modelId, name })).map(async (namer): Promise<Rewritten> => ({
      ...namer,
      newSql: await rewriteQuery(namer.sql, name, newName),
      newGuards: await rewriteGuards(namer.guards ?? [], name, newName),
    })),
  );
  return rewritten.filter(
    ({ sql: before, guards, newSql, newGuards }) =>
      newSql !== before || JSON.stringify(newGuards) !== JSON.stringify(guards ?? []),
  );
}

/** Models of which a guard's own query reads the model: no edge of the graph tells that. */
export async function findGuarding(
  sql: Sql,
  { id, projectId, name }: Named,
): Promise<{ id: string; name: string }[]> {
  const namers = await findNamers(sql, { projectId, modelId: id, name });
  const reads = await Promise.all(
    namers.map(async ({ guards }) => {
      const texts = (guards ?? []).flatMap((guard) => (guard.sql === undefined ? [] : [guard.sql]));
      return (await Promise.all(texts.map((text) => readsModel(text, name)))).includes(true);
    }),
  );
  return namers.filter((_, index) => reads[index]).map((namer) => ({ id: namer.id, name: namer.name }));
}

/** The guards with the new name in their queries; a model's own may name it too. */
export const rewriteGuards = (guards: readonly Guard[], from: string, to: string): Promise<Guard[]> =>
  Promise.all(
    guards.map(async (guard) =>
      guard.sql === undefined ? guard : { ...guard, sql: await rewriteQuery(guard.sql, from, to) },
    ),
  );

/** What the gate refuses can't be run anyway, and has been told to whoever looks at it: it is left as it is. */
async function rewriteQuery(text: string, from: string, to: string): Promise<string> {
  try {
    return await rewriteName(text, from, to);
  } catch (error) {
    if (error instanceof FreshetError && error.code === 'sql_refused') return text;
    throw error;
  }
}

/** Throws `name_taken`. */
export async function requireFreeName(em: EntityManager, projectId: string, name: string): Promise<void> {
  if (await em.findOne(DataModel, { projectId, name, deletedAt: null }))
    throw new FreshetError(
      'name_taken',
      `Another model of this project is called ${name}. Choose another name.`,
      { errors: [{ path: 'name', message: 'That name is taken.' }] },
    );
}
