/** The first owner of an installation, which can be created once. */
import type { Sql } from '../sql';

export const needsSetUp = async (sql: Sql): Promise<boolean> => {
  const [row] = await sql.rows<{ needed: boolean }>('select app.needs_set_up() as needed');
  return row?.needed ?? false;
};

export interface FirstOwner {
  organizationName: string;
  organizationSlug: string;
  email: string;
  name: string;
  passwordHash: string;
}

const query = /* sql */ `
select organization_id::text as "organizationId", user_id::text as "userId" from app.set_up($1, $2, $3, $4, $5)`;

/** @returns null when somebody is there already */
export const setUpInstallation = async (
  sql: Sql,
  owner: FirstOwner,
): Promise<{ organizationId: string; userId: string } | null> => {
  const [row] = await sql.rows<{ organizationId: string; userId: string }>(query, [
    owner.organizationName, owner.organizationSlug, owner.email, owner.name, owner.passwordHash,
  ]); // prettier-ignore
  return row ?? null;
};
