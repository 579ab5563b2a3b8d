/** Somebody of another organization, and their ear at the socket. */
import { randomBytes } from 'node:crypto';
import type { ProjectEvent } from '@freshet/contracts';
import type { TestPostgres } from '@freshet/testing';
import { hash } from '@node-rs/argon2';
import type { BrowserContext } from 'playwright-core';
import { io, type Socket } from 'socket.io-client';
import type { Person } from './analyst';

/** An organization with one owner and nothing else. */
export const createOrganization = async ({ pool }: TestPostgres, name: string): Promise<Person> => {
  const person = { email: `owner@${name}.example`, password: randomBytes(12).toString('base64url') };
  await pool.query(
    `with o as (insert into app.organization (name, slug) values ($1, $1) returning id),
          u as (insert into app.app_user (email, name, password_hash, operator) values ($2, $1, $3, false) returning id)
     insert into app.membership (organization_id, user_id, role) select o.id, u.id, 'owner' from o, u`,
    [name, person.email, await hash(person.password)],
  );
  return person;
};

export class Ear {
  /** Everything that came, oldest first. */
  readonly events: ProjectEvent[] = [];
  private readonly socket: Socket;

  /** With the session that a browser has. */
  static async of(browser: BrowserContext, url: string): Promise<Ear> {
    const cookies = await browser.cookies();
    return new Ear(url, cookies.map(({ name, value }) => `${name}=${value}`).join('; '));
  }

  private constructor(url: string, cookie: string) {
    this.socket = io(url, { extraHeaders: { cookie }, transports: ['websocket'], forceNew: true });
    this.socket.onAny((_, payload: ProjectEvent) => this.events.push(payload));
  }

  subscribe(projectId: string): Promise<{ seq?: number; error?: { code: string } }> {
    return this.socket.timeout(10_000).emitWithAck('subscribe', { projectId });
  }

  close(): void {
    this.socket.close();
  }
}
