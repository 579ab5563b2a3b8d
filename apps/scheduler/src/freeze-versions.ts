/** Repeats the VACUUM of published versions that an older snapshot kept from freezing: index-only scans are slow until then. */
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ControlPlane, listFreshPublications } from '@freshet/persistence';
import { LOG, type Log } from '@freshet/service-kit';
import { repeatVacuum } from '@freshet/warehouse';
import { oneAtATime } from './one-at-a-time';

const every = 60_000;
/** A snapshot that was held for longer than this is somebody's mistake; autovacuum does the rest. */
const withinSeconds = 24 * 3_600;

@Injectable()
export class FreezeVersions {
  private readonly round: () => Promise<void>;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LOG) log: Log,
  ) {
    this.round = oneAtATime(log, 'Freezing versions', () => this.freeze());
  }

  @Interval(every)
  tick(): Promise<void> {
    return this.round();
  }

  async freeze(): Promise<void> {
    const projects = await listFreshPublications(this.plane.system, withinSeconds);
    await this.plane.systemSession(async (_, client) => {
      for (const { projectId, versions } of projects) await repeatVacuum(client, { projectId, versions });
    });
  }
}
