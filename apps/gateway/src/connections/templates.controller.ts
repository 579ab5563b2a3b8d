/** Ready-made models and dashboards, and what vendors send by themselves. */
import { Controller, Inject, Param, Req } from '@nestjs/common';
import type { AddTemplate } from '@freshet/contracts';
import { CallingMember, Endpoint, LeastRole, RouteBody, type Member } from '@freshet/service-kit';
import type { Request } from 'express';
import { correlationOf } from '../http/correlation';
import { Id } from '../http/id-param';
import { wholePage } from '../http/paging';
import { HookDesk } from './hook-desk';
import { TemplateDesk } from './template-desk';

@Controller()
export class TemplatesController {
  constructor(
    @Inject(TemplateDesk) private readonly templates: TemplateDesk,
    @Inject(HookDesk) private readonly hooks: HookDesk,
  ) {}

  @Endpoint('listTemplates')
  async listTemplates(@Id() id: string, @CallingMember() caller: Member) {
    return wholePage(await this.templates.list(caller, id));
  }

  @Endpoint('addTemplate')
  @LeastRole('editor')
  addTemplate(
    @Id() id: string,
    @Param('name') name: string,
    @RouteBody('addTemplate') body: AddTemplate,
    @CallingMember() caller: Member,
  ) {
    return this.templates.add(caller, id, name, body);
  }

  @Endpoint('receiveHook')
  receiveHook(
    @Param('connector') connector: string,
    @Id('sourceId') sourceId: string,
    @Req() request: Request,
  ) {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [
        name,
        Array.isArray(value) ? value.join(', ') : (value ?? ''),
      ]),
    );
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
    return this.hooks.receive(connector, sourceId, { headers, body }, correlationOf(request));
  }
}
