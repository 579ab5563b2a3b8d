/** Compares two versions of a model, whoever built them: rows, columns, and some rows to look at. */
import { Inject, Injectable } from '@nestjs/common';
import { defaults, type VersionDiff } from '@freshet/contracts';
import { ControlPlane, DataModel, type KeptVersion } from '@freshet/persistence';
import type { Member } from '@freshet/service-kit';
import { diffVersions } from '@freshet/warehouse';
import { notFound } from '../http/id-param';
import { requireKept } from './choose-version';
import { keptVersions } from './move-pointer';

/** Each reads both versions whole: more at once would keep the disk from those who read dashboards. */
const mostAtOnce = 2;

@Injectable()
export class DiffDesk {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  /** Throws `not_found` saying which versions are kept, and `sql_timeout` for versions too large to compare by looking at each row. */
  async compare(
    { organizationId }: Member,
    id: string,
    from: number,
    to: number,
    signal: AbortSignal,
  ): Promise<VersionDiff> {
    const { projectId, older, newer } = await this.plane.withTenant(organizationId, async (em, sql) => {
      const model = await em.findOne(DataModel, { id, deletedAt: null });
      if (!model) throw notFound('The model');
      const kept = await keptVersions(sql, model);
      return { projectId: model.projectId, older: requireKept(kept, from), newer: requireKept(kept, to) };
    });
    return this.inTurn(() => this.read(projectId, id, older, newer, signal));
  }

  /** On a connection of its own, since one whose statement was cancelled can't be used again. */
  private async read(
    projectId: string,
    modelId: string,
    from: KeptVersion,
    to: KeptVersion,
    signal: AbortSignal,
  ): Promise<VersionDiff> {
    signal.throwIfAborted();
    const client = await this.plane.systemConnection('freshet gateway comparing versions');
    try {
      return await diffVersions(client, {
        projectId,
        modelId,
        from,
        to,
        statementTimeoutMs: defaults.statementTimeout.chart,
        signal,
      });
    } finally {
      await client.end();
    }
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= mostAtOnce) await new Promise<void>((proceed) => this.waiting.push(proceed));
    this.running++;
    try {
      return await work();
    } finally {
      this.running--;
      this.waiting.shift()?.();
    }
  }
}
