/** Creates projects (the row, then the schema and logins of its data) and changes how they publish and what they may take. */
import { Inject, Injectable } from '@nestjs/common';
import {
  FreshetError,
  type CreateProject,
  type ProjectLimits,
  type Project as ProjectShape,
  type UpdateProject,
} from '@freshet/contracts';
import {
  askDispatch,
  ControlPlane,
  controlRoles,
  installationName,
  Project,
  recordAudit,
  type AuditedAction,
} from '@freshet/persistence';
import { ENV, principalLabel, type Member } from '@freshet/service-kit';
import { provisionProject } from '@freshet/warehouse';
import pg from 'pg';
import { presentProject } from '../auth/describe-caller';
import { notFound } from '../http/id-param';

import type { GatewayEnv } from '../gateway-env';
import { freeSlug, slugFrom } from './slug';

@Injectable()
export class ProjectDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(ENV) private readonly env: GatewayEnv,
  ) {}

  /** Throws `name_taken` for a slug that was asked for and is in use. A project is there with its schema or not at all. */
  create(organizationId: string, { name, slug }: CreateProject): Promise<ProjectShape> {
    return this.plane.withTenant(organizationId, async (em) => {
      const taken = new Set(
        (await em.find(Project, {}, { fields: ['slug'] })).map((project) => project.slug),
      );
      if (slug && taken.has(slug))
        throw new FreshetError('name_taken', `Another project has the slug ${slug}. Choose another one.`);
      const project = em.create(Project, {
        organizationId,
        name,
        slug: slug ?? freeSlug(slugFrom(name), taken),
      });
      await em.flush();
      await this.provision(project.id);
      return presentProject(project);
    });
  }

  /** What waits for its set is published by the dispatcher when sets end. */
  update(caller: Member, id: string, { name, publishMode, limits }: UpdateProject): Promise<ProjectShape> {
    const { organizationId } = caller;
    return this.plane.withTenant(organizationId, async (em, sql) => {
      const project = await em.findOne(Project, { id });
      if (!project) throw notFound('The project');
      const former = project.publishMode;
      if (name !== undefined) project.name = name;
      if (publishMode !== undefined) project.publishMode = publishMode;
      const changed = project.publishMode !== former;
      const audit = (action: AuditedAction, from: unknown, to: unknown): Promise<void> =>
        recordAudit(sql, {
          organizationId, projectId: id, principal: principalLabel(caller), action,
          subjectKind: 'project', subjectId: id, details: { from, to },
        }); // prettier-ignore
      if (limits !== undefined && JSON.stringify(limits) !== JSON.stringify(project.limits)) {
        await audit('limits', project.limits, limits);
        project.limits = limits;
        await this.provision(id, limits);
      }
      await em.flush();
      if (changed) {
        await audit('publish-mode', former, project.publishMode);
        await askDispatch(sql, id);
      }
      return presentProject(project);
    });
  }

  /** With the administrator's login, which alone may create roles. */
  private async provision(projectId: string, limits: ProjectLimits = {}): Promise<void> {
    const installation = installationName(this.env);
    const admin = new pg.Client({
      connectionString: this.env.DATABASE_URL,
      application_name: 'freshet gateway provisioning',
    });
    // One that breaks makes the next query fail; without a listener it would end the process.
    admin.on('error', () => undefined);
    await admin.connect();
    try {
      const { system } = controlRoles(installation);
      await provisionProject(admin, {
        installation,
        projectId,
        masterKey: this.env.FRESHET_MASTER_KEY,
        systemRole: system,
        limits,
      });
    } finally {
      await admin.end();
    }
  }
}
