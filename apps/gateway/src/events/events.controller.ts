/** What happened in a project while a client was away. */
import { Controller, Inject } from '@nestjs/common';
import { ControlPlane, findSeqs, listEvents } from '@freshet/persistence';
import { CallingMember, Endpoint, RouteQuery, type Member } from '@freshet/service-kit';
import { Id, notFound } from '../http/id-param';

@Controller()
export class EventsController {
  constructor(@Inject(ControlPlane) private readonly plane: ControlPlane) {}

  @Endpoint('missedEvents')
  missedEvents(
    @Id('projectId') projectId: string,
    @RouteQuery('missedEvents') { after, limit }: { after: number; limit: number },
    @CallingMember() { organizationId }: Member,
  ) {
    return this.plane.withTenant(organizationId, async (_, sql) => {
      const seq = (await findSeqs(sql, [projectId])).get(projectId);
      if (seq === undefined) throw notFound('The project');
      const items = await listEvents(sql, projectId, after, limit);
      const last = items.at(-1)?.seq ?? null;
      return {
        items,
        nextCursor: items.length === limit && last !== null ? String(last) : null,
        seq: Math.max(seq, last ?? 0),
      };
    });
  }
}
