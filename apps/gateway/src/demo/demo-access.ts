/** The demo's people and key, written as an administrator; everything else of the demo goes through the REST API. */
import { randomBytes } from 'node:crypto';
import { hashToken, newApiKey } from '@freshet/service-kit';
import pg from 'pg';
import { hashPassword } from '../auth/passwords';

export interface DemoAccess {
  email: string;
  password: string;
  apiKey: string;
  organizationId: string;
  operator: { email: string; password: string };
}

const password = (): string => randomBytes(12).toString('base64url');

const ensureUser = async (
  admin: pg.Client,
  email: string,
  name: string,
  secret: string,
  operator: boolean,
): Promise<string> => {
  const hash = await hashPassword(secret);
  const { rows } = await admin.query<{ id: string }>(
    `insert into app.app_user (email, name, password_hash, operator) values ($1, $2, $3, $4)
     on conflict (lower(email)) do update set password_hash = excluded.password_hash returning id`,
    [email, name, hash, operator],
  );
  return rows[0]?.id ?? '';
};

/** Safe to repeat after a start that was killed midway: passwords and key are then new ones. */
export const ensureDemoAccess = async (databaseUrl: string): Promise<DemoAccess> => {
  const admin = new pg.Client({ connectionString: databaseUrl });
  await admin.connect();
  try {
    await admin.query('begin');
    const { rows } = await admin.query<{ id: string }>(
      `insert into app.organization (name, slug) values ('Demo', 'demo')
       on conflict (slug) do update set name = excluded.name returning id`,
    );
    const organizationId = rows[0]?.id ?? '';
    const analyst = { email: 'ana@demo.example', password: password() };
    const operator = { email: 'operator@demo.example', password: password() };
    const userId = await ensureUser(admin, analyst.email, 'Ana Lyst', analyst.password, false);
    await ensureUser(admin, operator.email, 'Olga Operator', operator.password, true);
    await admin.query(
      `insert into app.membership (organization_id, user_id, role) values ($1, $2, 'owner') on conflict do nothing`,
      [organizationId, userId],
    );
    const { key, prefix } = newApiKey();
    await admin.query(`delete from app.api_key where organization_id = $1 and name = 'Demo'`, [
      organizationId,
    ]);
    await admin.query(
      `insert into app.api_key (organization_id, name, prefix, key_hash, role, created_by) values ($1, 'Demo', $2, $3, 'owner', $4)`,
      [organizationId, prefix, hashToken(key), userId],
    );
    await admin.query('commit');
    return { ...analyst, apiKey: key, organizationId, operator };
  } finally {
    await admin.end();
  }
};
