/** The versions kept of a model: which there are, how they differ, and which one is shown. */
import { Controller, Inject, Param } from '@nestjs/common';
import type { ChooseVersion } from '@freshet/contracts';
import { CallingMember, Endpoint, LeastRole, RouteBody, type Member } from '@freshet/service-kit';
import { Id } from '../http/id-param';
import { wholePage } from '../http/paging';
import { VersionDesk } from './version-desk';

@Controller()
export class VersionsController {
  constructor(@Inject(VersionDesk) private readonly desk: VersionDesk) {}

  @Endpoint('listModelVersions')
  async listModelVersions(@Id() id: string, @CallingMember() caller: Member) {
    return wholePage(await this.desk.list(caller, id));
  }

  @Endpoint('rollbackModel')
  @LeastRole('editor')
  rollbackModel(
    @Id() id: string,
    @RouteBody('rollbackModel') { version }: ChooseVersion,
    @CallingMember() caller: Member,
  ) {
    return this.desk.rollback(caller, id, version);
  }

  @Endpoint('releaseModel')
  @LeastRole('editor')
  releaseModel(@Id() id: string, @CallingMember() caller: Member) {
    return this.desk.release(caller, id);
  }

  @Endpoint('promoteModel')
  @LeastRole('editor')
  promoteModel(
    @Id() id: string,
    @RouteBody('promoteModel') { version }: ChooseVersion,
    @CallingMember() caller: Member,
  ) {
    return this.desk.promote(caller, id, version);
  }
}
