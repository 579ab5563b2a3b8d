/** Projects and API keys of the caller's organization. */
import { Controller, Inject } from '@nestjs/common';
import {
  FreshetError,
  type ApiKey as ApiKeyShape,
  type createApiKey,
  type CreateProject,
  type PageQuery,
  type Project as ProjectShape,
  type UpdateProject,
} from '@freshet/contracts';
import { ApiKey, ControlPlane, Project } from '@freshet/persistence';
import {
  CallingMember,
  Clock,
  Endpoint,
  hashToken,
  LeastRole,
  newApiKey,
  RouteBody,
  RouteQuery,
  type Member,
} from '@freshet/service-kit';
import type { z } from 'zod';
import { presentProject } from '../auth/describe-caller';
import { Id, notFound } from '../http/id-param';
import { cursorOf, pageOf } from '../http/paging';
import { revocations } from '../live/revocations';
import { ProjectDesk } from './project-desk';

@Controller()
export class OrganizationController {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(ProjectDesk) private readonly desk: ProjectDesk,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  @Endpoint('listProjects')
  listProjects(@RouteQuery('listProjects') query: PageQuery, @CallingMember() { organizationId }: Member) {
    const after = cursorOf(query);
    return this.plane.withTenant(organizationId, async (em) => {
      const where = after ? { id: { $gt: after } } : {};
      const rows = await em.find(Project, where, { orderBy: { id: 'asc' }, limit: query.limit + 1 });
      return pageOf(rows, query.limit, presentProject);
    });
  }

  @Endpoint('createProject')
  @LeastRole('admin')
  createProject(
    @RouteBody('createProject') body: CreateProject,
    @CallingMember() caller: Member,
  ): Promise<ProjectShape> {
    return this.desk.create(caller.organizationId, body);
  }

  @Endpoint('updateProject')
  @LeastRole('admin')
  updateProject(
    @Id('projectId') projectId: string,
    @RouteBody('updateProject') body: UpdateProject,
    @CallingMember() caller: Member,
  ): Promise<ProjectShape> {
    return this.desk.update(caller, projectId, body);
  }

  @Endpoint('listApiKeys')
  @LeastRole('admin')
  listApiKeys(@RouteQuery('listApiKeys') query: PageQuery, @CallingMember() { organizationId }: Member) {
    const after = cursorOf(query);
    return this.plane.withTenant(organizationId, async (em) => {
      const where = { revokedAt: null, ...(after && { id: { $gt: after } }) };
      const rows = await em.find(ApiKey, where, { orderBy: { id: 'asc' }, limit: query.limit + 1 });
      return pageOf(rows, query.limit, presentApiKey);
    });
  }

  @Endpoint('createApiKey')
  @LeastRole('admin')
  async createApiKey(
    @RouteBody('createApiKey') { name, expiresAt }: z.infer<typeof createApiKey>,
    @CallingMember() caller: Member,
  ) {
    const expires = expiresAt === undefined ? null : futureDate(expiresAt, this.clock.now());
    const { key, prefix } = newApiKey();
    return this.plane.withTenant(caller.organizationId, async (em) => {
      const { organizationId, userId: createdBy } = caller;
      const row = em.create(ApiKey, {
        organizationId,
        name,
        prefix,
        keyHash: hashToken(key),
        createdBy,
        expiresAt: expires,
      });
      await em.flush();
      return { ...presentApiKey(row), key };
    });
  }

  @Endpoint('deleteApiKey')
  @LeastRole('admin')
  deleteApiKey(@Id() id: string, @CallingMember() { organizationId }: Member): Promise<void> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      const key = await em.findOne(ApiKey, { id, revokedAt: null });
      if (!key) throw notFound('The API key');
      key.revokedAt = this.clock.now();
      await em.flush();
      await sql.rows('select pg_notify($1, $2)', [revocations.channel, JSON.stringify({ apiKeyId: id })]);
    });
  }
}

interface StoredKey {
  id: string;
  name: string;
  prefix: string;
  createdAt: Date;
  lastUsedAt?: Date | null;
  expiresAt?: Date | null;
}

const presentApiKey = (key: StoredKey): ApiKeyShape => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  createdAt: key.createdAt.toISOString(),
  lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
  expiresAt: key.expiresAt?.toISOString() ?? null,
});

function futureDate(text: string, now: Date): Date {
  const date = new Date(text);
  if (date > now) return date;
  throw new FreshetError(
    'invalid_input',
    'Give a time in the future at which the key ends, as in 2030-01-01T00:00:00Z.',
    {
      errors: [{ path: 'expiresAt', message: 'Give a time in the future.' }],
    },
  );
}
