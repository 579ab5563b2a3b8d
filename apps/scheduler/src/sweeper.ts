/** Drops what nobody reads any more: retired versions and generations, and the leftovers of killed builds. */
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { defaults } from '@freshet/contracts';
import {
  ControlPlane,
  findRetiredTables,
  findSweepableVersions,
  forgetRetiredTable,
  forgetVersion,
  listKnownVersions,
  listProjects,
  lockSweepableVersion,
} from '@freshet/persistence';
import { LOG, type Log } from '@freshet/service-kit';
import {
  dropTable,
  listVersionTables,
  modelTable,
  projectSchema,
  tryLockModel,
  unlockModel,
  versionsInViews,
  type VersionRef,
} from '@freshet/warehouse';
import type { ClientBase } from 'pg';
import { oneAtATime } from './one-at-a-time';

const every = 30_000;
const keepSeconds = defaults.versions.keepFor / 1_000;

@Injectable()
export class Sweeper implements OnApplicationBootstrap {
  private readonly round: () => Promise<void>;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.round = oneAtATime(log, 'Sweeping', () => this.sweep());
  }

  onApplicationBootstrap(): void {
    void this.round();
  }

  @Interval(every)
  tick(): Promise<void> {
    return this.round();
  }

  /** A table that somebody still reads is left for a later round. */
  async sweep(): Promise<void> {
    await this.sweepVersions();
    await this.sweepRetiredTables();
    for (const projectId of await listProjects(this.plane.system)) {
      await this.carefully({ projectId }, () => this.sweepLeftovers(projectId));
    }
  }

  private async sweepVersions(): Promise<void> {
    for (const { modelId, projectId, version } of await findSweepableVersions(
      this.plane.system,
      keepSeconds,
    )) {
      await this.carefully({ projectId, modelId, version }, () =>
        this.plane.systemTransaction(async (sql, client) => {
          if (!(await lockSweepableVersion(sql, modelId, version))) return;
          if (await isInView(client, { projectId, modelId, version })) return;
          const gone = await dropTable(client, projectSchema(projectId), modelTable(modelId, version));
          if (gone) await forgetVersion(sql, modelId, version);
        }),
      );
    }
  }

  private async sweepRetiredTables(): Promise<void> {
    for (const { id, projectId, table } of await findRetiredTables(this.plane.system, keepSeconds)) {
      await this.carefully({ projectId, table }, () =>
        this.plane.systemTransaction(async (sql, client) => {
          if (await dropTable(client, projectSchema(projectId), table)) await forgetRetiredTable(sql, id);
        }),
      );
    }
  }

  /** What was listed before it is known may be a version that has appeared in between: it is known by then. */
  private async sweepLeftovers(projectId: string): Promise<void> {
    await this.plane.systemSession(async (sql, client) => {
      const tables = await listVersionTables(client, projectId);
      const known = async (): Promise<Set<string>> =>
        new Set((await listKnownVersions(sql, projectId)).map((each) => `${each.modelId}/${each.version}`));
      const before = await known();
      for (const { table, modelId, version } of tables) {
        if (before.has(`${modelId}/${version}`)) continue;
        // Whoever builds holds the model's lock, even when the database has given up waiting for it.
        if (!(await tryLockModel(client, modelId))) continue;
        const isKnown = (await known()).has(`${modelId}/${version}`);
        if (!isKnown && !(await isInView(client, { projectId, modelId, version })))
          await dropTable(client, projectSchema(projectId), table);
        await unlockModel(client, modelId);
      }
    });
  }

  /** One table that can't be dropped keeps no other from being swept. */
  private async carefully(what: object, work: () => Promise<void>): Promise<void> {
    await work().catch((err: unknown) => this.log.warn({ ...what, err }, 'Something could not be swept'));
  }
}

/** Tools outside read it by a fixed name, until the view has moved on. */
const isInView = async (client: ClientBase, { projectId, modelId, version }: VersionRef): Promise<boolean> =>
  (await versionsInViews(client, projectId)).some(
    (each) => each.modelId === modelId && each.version === version,
  );
