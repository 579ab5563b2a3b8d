/** Runs a model's guards on its new version; one that blocks ends the refresh, and readers keep what they have (spec RF4). */
import { FreshetError, type Guard, type GuardReport } from '@freshet/contracts';
import { qualifiedVersion, runGuards, type Builder, type BuiltVersion } from '@freshet/warehouse';
import type { BuildLimits } from './build-limits';
import type { BuildPlan } from './plan-build';

/** @returns every guard's report. Throws `guard_failed` with the reports when one of severity `block` failed. */
export const guardBuild = async (
  builder: Builder,
  plan: BuildPlan,
  built: BuiltVersion,
  limits: BuildLimits,
): Promise<GuardReport[]> => {
  const { definition, attempt, boundGuard } = plan;
  const { projectId, id: modelId, published } = definition;
  const subject = {
    table: qualifiedVersion({ projectId, modelId, version: attempt }),
    rowCount: built.rowCount,
    rowsBefore: published?.rowCount ?? null,
    // Who adds the guard means it, whatever the model's default says.
    allowEmpty: false,
    boundSql: boundGuard,
  };
  const always: Guard[] = definition.allowEmpty ? [] : [{ kind: 'not_empty', severity: 'block' }];
  const results = await runGuards(builder, subject, [...always, ...definition.guards], limits);
  const reports = results.map(({ guard, ok, message, failingRows }): GuardReport => ({
    guard: nameOf(guard),
    ok,
    message,
    severity: guard.severity,
    ...(failingRows.length > 0 && { rows: failingRows }),
  }));
  const blocking = reports.filter(({ ok, severity }) => !ok && severity === 'block');
  if (blocking.length === 0) return reports;
  const found = blocking.map(({ guard, message }) => `${guard}: ${message}`).join(' ');
  throw new FreshetError('guard_failed', `A guard blocked publishing. ${found}`, {
    action: 'Readers keep the last version. Correct the data or the query, or change the guard.',
    extra: { guards: reports },
  });
};

const nameOf = ({ kind, columns }: Guard): string =>
  columns?.length ? `${kind}(${columns.join(', ')})` : kind;
