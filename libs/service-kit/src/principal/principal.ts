/** Who is calling: a person by a session, or another service by an API key. */
import { FreshetError, type Role } from '@freshet/contracts';

export interface Principal {
  kind: 'user' | 'api_key';
  userId: string | null;
  apiKeyId: string | null;
  sessionId: string | null;
  /** Null only for an operator who belongs to no organization. */
  organizationId: string | null;
  role: Role | null;
  /** Runs the installation: Bull Board and diagnostics, but no organization's data. */
  operator: boolean;
  /** Null for an API key. */
  email: string | null;
  name: string;
}

/** A principal within its organization: what nearly every handler needs. */
export interface Member extends Principal {
  organizationId: string;
  role: Role;
}

const ranks: Record<Role, number> = { viewer: 0, editor: 1, admin: 2, owner: 3 };

/** Throws `forbidden` for an operator without an organization, or when the role is below the one needed. */
export function requireMember(principal: Principal, least: Role = 'viewer'): Member {
  const { organizationId, role } = principal;
  if (!organizationId || !role)
    throw new FreshetError(
      'forbidden',
      'This account belongs to no organization. Sign in with one that does.',
    );
  if (ranks[role] < ranks[least])
    throw new FreshetError(
      'forbidden',
      `This needs the role ${least}, and yours is ${role}. Ask an owner of the organization.`,
    );
  return { ...principal, organizationId, role };
}

/** Identifies the caller where limits and logs are kept. */
export const principalKey = (principal: Principal): string =>
  principal.kind === 'api_key' ? `key:${principal.apiKeyId}` : `user:${principal.userId}`;

/** The name to show for who asked for something. */
export const principalLabel = (principal: Principal): string =>
  principal.kind === 'api_key' ? `API key ${principal.name}` : principal.name;
