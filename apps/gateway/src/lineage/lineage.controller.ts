/** Where numbers come from: the graph of a project, proofs, and why a model or chart is as it is. */
import { Controller, Inject, Optional, Req } from '@nestjs/common';
import { ControlPlane } from '@freshet/persistence';
import { CallingMember, Endpoint, PUBLIC_URL, RouteQuery, type Member } from '@freshet/service-kit';
import type { Request } from 'express';
import { Id } from '../http/id-param';
import { requireProject } from '../models/models.controller';
import { ProofDesk } from '../proof/proof-desk';
import type { SubjectQuery } from '../proof/subject';
import { WhyDesk } from '../proof/why-desk';
import { LineageDesk } from './lineage-desk';

@Controller()
export class LineageController {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LineageDesk) private readonly lineages: LineageDesk,
    @Inject(ProofDesk) private readonly proofs: ProofDesk,
    @Inject(WhyDesk) private readonly reasons: WhyDesk,
    @Optional() @Inject(PUBLIC_URL) private readonly publicUrl: string | undefined,
  ) {}

  @Endpoint('lineage')
  lineage(@Id('projectId') projectId: string, @CallingMember() { organizationId }: Member) {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      await requireProject(em, projectId);
      return this.lineages.draw(sql, projectId);
    });
  }

  @Endpoint('proof')
  proof(
    @Id('projectId') projectId: string,
    @RouteQuery('proof') query: SubjectQuery,
    @CallingMember() caller: Member,
    @Req() request: Request,
  ) {
    const origin = this.publicUrl ?? `${request.protocol}://${request.get('host')}`;
    return this.proofs.prove(caller, projectId, query, origin.replace(/\/$/, ''));
  }

  @Endpoint('verifyProof')
  verifyProof(
    @RouteQuery('verifyProof') { token = '' }: { token?: string },
    @CallingMember() caller: Member,
  ) {
    return this.proofs.verify(caller, token);
  }

  @Endpoint('why')
  why(
    @Id('projectId') projectId: string,
    @RouteQuery('why') query: SubjectQuery,
    @CallingMember() caller: Member,
  ) {
    return this.reasons.explain(caller, projectId, query);
  }
}
