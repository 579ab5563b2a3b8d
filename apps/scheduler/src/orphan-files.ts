/** Tells the operator of files that a crash of PostgreSQL left behind; it never deletes one, since that can't be undone. */
import { Inject, Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ControlPlane } from '@freshet/persistence';
import { LOG, type Log } from '@freshet/service-kit';
import { findOrphanFiles } from '@freshet/warehouse';
import { oneAtATime } from './one-at-a-time';

const every = 3_600_000;
/** So many are named in the log, the largest first. */
const named = 10;

@Injectable()
export class OrphanFiles implements OnApplicationBootstrap {
  /** How many there are and their bytes; null: not looked yet, or this login may not look. */
  found: { count: number; bytes: number } | null = null;
  private readonly round: () => Promise<void>;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.round = oneAtATime(log, 'Looking for orphan files', () => this.look());
  }

  onApplicationBootstrap(): void {
    void this.round();
  }

  @Interval(every)
  tick(): Promise<void> {
    return this.round();
  }

  async look(): Promise<void> {
    const { files, reason } = await this.plane.systemSession((_, client) => findOrphanFiles(client));
    if (!files) {
      this.log.info({ reason }, 'Orphan files are not looked for');
      this.found = null;
      return;
    }
    this.found = { count: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
    if (files.length === 0) return;
    this.log.warn(
      { ...this.found, files: files.slice(0, named) },
      'A crash of PostgreSQL left files that no table names. Stop PostgreSQL, look at the list again, and delete them to get their space back.',
    );
  }
}
