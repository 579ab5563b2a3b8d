/** Proves what a number contains: which versions and sync runs, and which guards passed (spec FR4). */
import { Inject, Injectable } from '@nestjs/common';
import type { Proof, verifiedProof } from '@freshet/contracts';
import { ControlPlane, isCurrent, loadAsOf, loadContents } from '@freshet/persistence';
import { Clock, ENV, type Member } from '@freshet/service-kit';
import type { z } from 'zod';
import type { GatewayEnv } from '../gateway-env';
import { notFound } from '../http/id-param';
import { ProofSigner } from './proof-signer';
import { readSubject, requireBuilt, type SubjectQuery } from './subject';

type VerifiedProof = z.infer<typeof verifiedProof>;

@Injectable()
export class ProofDesk {
  private readonly signer: ProofSigner;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ENV) env: GatewayEnv,
  ) {
    this.signer = new ProofSigner(env.FRESHET_MASTER_KEY, env.FRESHET_FORMER_MASTER_KEYS);
  }

  /** @param origin where links to this gateway begin, without a slash at the end */
  prove({ organizationId }: Member, projectId: string, query: SubjectQuery, origin: string): Promise<Proof> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      const read = await readSubject(em, sql, projectId, query);
      requireBuilt(read);
      const { versions, tables } = await loadContents(sql, read.inputs);
      const signedAt = this.clock.now().toISOString();
      const content = {
        subject: read.subject,
        projectId,
        at: signedAt,
        versions: versions.map((version) => ({
          ...version,
          guards: version.guards.map(({ guard, ok }) => ({ guard, ok })),
        })),
        tables,
        asOf: await loadAsOf(sql, read.inputs),
      };
      const token = this.signer.sign({ organizationId, signedAt, content, reads: read.inputs });
      return { ...content, link: `${origin}/api/proofs/verify?token=${token}` };
    });
  }

  /** Throws `not_found` for what this installation did not sign, and for another organization's. */
  verify({ organizationId }: Member, token: string): Promise<VerifiedProof> {
    return this.plane.withTenant(organizationId, async (_, sql) => {
      const proof = this.signer.open(token);
      if (!proof || proof.organizationId !== organizationId) throw notFound('A proof with this signature');
      const { signedAt, content, reads } = proof;
      return { valid: true, signedAt, content, current: await isCurrent(sql, reads) };
    });
  }
}
