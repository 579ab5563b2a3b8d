/** The versions kept of a model: which there are, how they differ, and which one is shown. */
import { Controller, Inject, Param, Res } from '@nestjs/common';
import type { ChooseVersion } from '@freshet/contracts';
import { CallingMember, Endpoint, LeastRole, RouteBody, type Member } from '@freshet/service-kit';
import type { Response } from 'express';
import { Id, notFound } from '../http/id-param';
import { wholePage } from '../http/paging';
import { DiffDesk } from './diff-desk';
import { VersionDesk } from './version-desk';

@Controller()
export class VersionsController {
  constructor(
    @Inject(VersionDesk) private readonly desk: VersionDesk,
    @Inject(DiffDesk) private readonly diffs: DiffDesk,
  ) {}

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

  @Endpoint('diffModelVersions')
  diffModelVersions(
    @Id() id: string,
    @Param('from') from: string,
    @Param('to') to: string,
    @CallingMember() caller: Member,
    @Res({ passthrough: true }) response: Response,
  ) {
    const gone = new AbortController();
    // Nobody waits for the answer any more: the database need not either.
    response.once('close', () => gone.abort());
    return this.diffs.compare(caller, id, versionOf(from), versionOf(to), gone.signal);
  }
}

/** Throws `not_found` for what is no version's number. */
function versionOf(text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw notFound('A version of that number');
}
