/** Two organizations, each with its owner signed in. */
import { randomBytes } from 'node:crypto';
import { ApiClient } from '@freshet/sdk';
import { hash } from '@node-rs/argon2';
import type { Pool } from 'pg';

/** One client for each organization. */
export const createAccounts = async (url: string, pool: Pool): Promise<ApiClient[]> => {
  const first = { email: 'owner@acme.example', password: randomBytes(12).toString('base64url') };
  const second = { email: 'owner@other.example', password: randomBytes(12).toString('base64url') };
  const visitor = new ApiClient(url, null);
  const body = { organizationName: 'Acme', name: 'Olivia Owner', ...first };
  const answer = await visitor.send('setUp', { body });
  if (!answer.ok) throw new Error(`Setting up answered ${answer.status}: ${await answer.text()}`);
  // Further organizations are added by operators, beside the API.
  await pool.query(
    `with o as (insert into app.organization (name, slug) values ('Other', 'other') returning id),
          u as (insert into app.app_user (email, name, password_hash, operator) values ($1, 'Otto Other', $2, false) returning id)
     insert into app.membership (organization_id, user_id, role) select o.id, u.id, 'owner' from o, u`,
    [second.email, await hash(second.password)],
  );
  return Promise.all([first, second].map((person) => signIn(url, person)));
};

const signIn = async (url: string, body: { email: string; password: string }): Promise<ApiClient> => {
  const answer = await new ApiClient(url, null).send('signIn', { body });
  if (!answer.ok) throw new Error(`Signing in answered ${answer.status}: ${await answer.text()}`);
  const cookie = answer.headers
    .getSetCookie()
    .map((each) => each.split(';')[0])
    .join('; ');
  return new ApiClient(url, { cookie });
};
