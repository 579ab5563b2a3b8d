/** A stream table that a spec changes as a slice does, and the ask for a dispatch that goes with it. */
import type { ControlPlane } from '@freshet/persistence';
import { projectSchema, streamTable } from '@freshet/warehouse';

export class StreamUnderTest {
  readonly table: string;

  constructor(
    private readonly plane: ControlPlane,
    private readonly projectId: string,
    readonly id: string,
  ) {
    this.table = `${projectSchema(projectId)}.${streamTable(id, 1)}`;
  }

  /** Changes rows and the revision in one transaction, as a slice does; `$table` is the table. */
  async change(statement: string): Promise<void> {
    await this.plane.systemTransaction(async (tx) => {
      await tx.rows(statement.replaceAll('$table', this.table));
      await tx.rows(`update app.stream set revision = revision + 1 where id = $1`, [this.id]);
      await dispatch(tx, this.projectId);
    });
  }
}

export const dispatch = (
  tx: { rows: (text: string, values: unknown[]) => Promise<unknown> },
  projectId: string,
): Promise<unknown> => tx.rows(`select pg_notify('freshet_dispatch', $1)`, [projectId]);
