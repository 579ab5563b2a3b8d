/** Who is calling, and which workspaces are open to them. */
import type { Me, Project as ProjectShape } from '@freshet/contracts';
import { Organization, Project, type ControlPlane } from '@freshet/persistence';
import type { Principal } from '@freshet/service-kit';

export async function describeCaller(plane: ControlPlane, caller: Principal): Promise<Me> {
  const { kind, userId, email, name, operator, organizationId, role } = caller;
  const base = { kind, userId, email, name, operator };
  if (!organizationId || !role) return { ...base, organization: null, projects: [] };
  return plane.withTenant(organizationId, async (em) => {
    const organization = await em.findOneOrFail(Organization, { id: organizationId });
    const projects = await em.find(Project, {}, { orderBy: { id: 'asc' } });
    return {
      ...base,
      organization: { id: organizationId, name: organization.name, role },
      projects: projects.map(presentProject),
    };
  });
}

export const presentProject = ({
  id,
  name,
  slug,
  organizationId,
  publishMode,
  limits,
}: ProjectShape): ProjectShape => ({
  id,
  name,
  slug,
  organizationId,
  publishMode,
  limits,
});
