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
} from '@freshet/persistence';
import { LOG, type Log } from '@freshet/service-kit';
import { dropTable, listVersionTables, modelTable, projectSchema } from '@freshet/warehouse';
import { oneAtATime } from './one-at-a-time';

const every = 30_000;
const keepSeconds = defaults.versions.keepFor / 1_000;

@Injectable()
export class Sweeper implements OnApplicationBootstrap {
  private readonly round: () => Promise<void>;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LOG) log: Log,
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
    for (const { modelId, projectId, version } of await findSweepableVersions(
      this.plane.system,
      keepSeconds,
    )) {
      await this.plane.systemTransaction(async (sql, client) => {
        if (await dropTable(client, projectSchema(projectId), modelTable(modelId, version))) {
          await forgetVersion(sql, modelId, version);
        }
      });
    }
    for (const { id, projectId, table } of await findRetiredTables(this.plane.system, keepSeconds)) {
      await this.plane.systemTransaction(async (sql, client) => {
        if (await dropTable(client, projectSchema(projectId), table)) await forgetRetiredTable(sql, id);
      });
    }
    for (const projectId of await listProjects(this.plane.system)) await this.sweepLeftovers(projectId);
  }

  /** First the tables, then what is known: a version that appears in between is known by then. */
  private async sweepLeftovers(projectId: string): Promise<void> {
    await this.plane.systemTransaction(async (sql, client) => {
      const tables = await listVersionTables(client, projectId);
      const known = new Set(
        (await listKnownVersions(sql, projectId)).map((each) => `${each.modelId}/${each.version}`),
      );
      for (const { table, modelId, version } of tables) {
        if (!known.has(`${modelId}/${version}`)) await dropTable(client, projectSchema(projectId), table);
      }
    });
  }
}
