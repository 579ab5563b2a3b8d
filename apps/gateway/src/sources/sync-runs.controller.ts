/** One sync run: how it goes, what it could not load, stopping it, and letting a held one through. */
import { Controller, Inject } from '@nestjs/common';
import type { PageQuery, SyncRun } from '@freshet/contracts';
import {
  announceRelease,
  cancelSyncRun,
  ControlPlane,
  listRejects,
  listSyncRuns,
  recordAudit,
  releaseSyncRun,
  type Sql,
} from '@freshet/persistence';
import {
  CallingMember,
  Endpoint,
  LeastRole,
  principalLabel,
  RouteQuery,
  type Member,
} from '@freshet/service-kit';
import { Id, notFound } from '../http/id-param';
import { cursorOf, pageOf } from '../http/paging';
import { presentRun } from './present-source';

@Controller()
export class SyncRunsController {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  @Endpoint('getSyncRun')
  getSyncRun(@Id() id: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, (_, sql) => findRun(sql, id));
  }

  @Endpoint('cancelSyncRun')
  @LeastRole('editor')
  cancelSyncRun(@Id() id: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, async (_, sql) => {
      await findRun(sql, id);
      await cancelSyncRun(sql, id);
      return findRun(sql, id);
    });
  }

  /** Of a run that isn't held it changes nothing. */
  @Endpoint('releaseSyncRun')
  @LeastRole('editor')
  releaseSyncRun(@Id() id: string, @CallingMember() caller: Member) {
    const { organizationId } = caller;
    return this.plane.withTenant(organizationId, async (_, sql) => {
      await findRun(sql, id);
      const released = await releaseSyncRun(sql, id);
      if (released) {
        const { projectId, sourceId, streams } = released;
        await recordAudit(sql, {
          organizationId, projectId, principal: principalLabel(caller), action: 'hold-release',
          subjectKind: 'sync_run', subjectId: id, details: { sourceId, streams },
        }); // prettier-ignore
        await announceRelease(sql, released);
      }
      return findRun(sql, id);
    });
  }

  @Endpoint('listRejects')
  listRejects(
    @Id() id: string,
    @RouteQuery('listRejects') query: PageQuery,
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (_, sql) => {
      await findRun(sql, id);
      const rows = await listRejects(sql, id, cursorOf(query), query.limit + 1);
      return pageOf(rows, query.limit, ({ stream, row, reason, raw }) => ({ stream, row, reason, raw }));
    });
  }
}

async function findRun(sql: Sql, id: string): Promise<SyncRun> {
  const [row] = await listSyncRuns(sql, { id });
  if (!row) throw notFound('The sync run');
  return presentRun(row);
}
