/** Views with a model's own name for tools outside of Freshet, which read by a fixed name and know of no versions. */
import { FreshetError } from '@freshet/contracts';
import type { ClientBase } from 'pg';
import { projectSchema, viewSchema } from '../names';
import { withShortLock } from '../short-lock';
import { escapeIdentifier } from '../sql-names';
import { qualifiedVersion, type VersionRef } from './version';

export interface StableView extends VersionRef {
  /** The model's name, which is the view's. */
  name: string;
  /** How often to try, 50 ms each and as long a pause between. */
  attempts?: number;
}

/** SQLSTATEs: PostgreSQL 18 manual, appendix A. */
const [invalidDefinition, undefinedTable, hasDependents] = ['42P16', '42P01', '2BP01'];

/**
 * Lets the model's view show this version; a view it had under another name goes in the same moment. False when the view was in use all the
 * time: it still shows the version before, so try again later. Inside a transaction it takes part in that. Grants on the view stay unless
 * columns were dropped, renamed or retyped, when it has to be made anew; the project's group may read it in any case. Throws `not_found`
 * for a version without a table, and `has_dependents` when somebody's own views stand on one that has to be made anew.
 */
export const moveStableView = async (client: ClientBase, view: StableView): Promise<boolean> => {
  const { projectId, modelId, name, attempts = 10 } = view;
  const own = (await versionsInViews(client, projectId)).filter(
    (each) => each.modelId === modelId && each.schema === viewSchema(projectId),
  );
  const renamed = own.filter((each) => each.view !== name).map((each) => dropView(projectId, each.view));
  const create = `CREATE OR REPLACE VIEW ${qualifiedView(projectId, name)} AS SELECT * FROM ${qualifiedVersion(view)}`;
  try {
    return await withShortLock(client, [...renamed, create].join('; '), { attempts });
  } catch (error) {
    if (codeOf(error) !== invalidDefinition) throw explained(error);
  }
  const anew = [...renamed, dropView(projectId, name), create].join('; ');
  return withShortLock(client, anew, { attempts }).catch((error: unknown) => {
    throw explained(error);
  });
};

/** Removes the model's view, under whatever name; false when it was in use all the time. True also when there was none. */
export const dropStableView = async (
  client: ClientBase,
  { projectId, modelId, attempts = 10 }: { projectId: string; modelId: string; attempts?: number },
): Promise<boolean> => {
  const views = (await versionsInViews(client, projectId)).filter(
    (each) => each.modelId === modelId && each.schema === viewSchema(projectId),
  );
  if (views.length === 0) return true;
  const drop = views.map(({ view }) => dropView(projectId, view)).join('; ');
  return withShortLock(client, drop, { attempts }).catch((error: unknown) => {
    throw explained(error);
  });
};

export interface VersionInView {
  modelId: string;
  version: number;
  schema: string;
  view: string;
}

/** Every version of the project that a view names, also one that somebody made himself: its table can't be dropped. */
export const versionsInViews = async (client: ClientBase, projectId: string): Promise<VersionInView[]> => {
  const { rows } = await client.query<{ table: string; schema: string; view: string }>(
    `SELECT DISTINCT t.relname AS "table", vn.nspname AS schema, v.relname AS view
     FROM pg_catalog.pg_depend d
     JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND d.refclassid = 'pg_catalog.pg_class'::regclass
     JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
     JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid AND d.classid = 'pg_catalog.pg_rewrite'::regclass
     JOIN pg_catalog.pg_class v ON v.oid = r.ev_class AND v.oid <> t.oid
     JOIN pg_catalog.pg_namespace vn ON vn.oid = v.relnamespace
     WHERE n.nspname = $1 AND t.relkind = 'r' ORDER BY 1, 2, 3`,
    [projectSchema(projectId)],
  );
  return rows.flatMap(({ table, schema, view }) => {
    const [, modelId, version] = /^m_(.+)_v(\d+)$/.exec(table) ?? [];
    return modelId === undefined ? [] : [{ modelId, version: Number(version), schema, view }];
  });
};

const qualifiedView = (projectId: string, name: string): string =>
  `${escapeIdentifier(viewSchema(projectId))}.${escapeIdentifier(name)}`;
const dropView = (projectId: string, name: string): string =>
  `DROP VIEW IF EXISTS ${qualifiedView(projectId, name)}`;

const codeOf = (error: unknown): string | undefined => (error as { code?: string }).code;

const explained = (error: unknown): unknown => {
  if (codeOf(error) === undefinedTable)
    return new FreshetError('not_found', 'This version is no longer kept, so no view can show it.', {
      cause: error,
    });
  if (codeOf(error) === hasDependents)
    return new FreshetError(
      'has_dependents',
      'Other views stand on the model’s view, whose columns have changed. Drop them, and make them again afterwards.',
      { cause: error },
    );
  return error;
};
