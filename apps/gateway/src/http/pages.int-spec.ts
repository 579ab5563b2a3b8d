import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import request from 'supertest';
import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';

const client = mkdtempSync(path.join(tmpdir(), 'freshet-client-'));
mkdirSync(path.join(client, 'browser'));
writeFileSync(path.join(client, 'browser', 'index.html'), '<title>Freshet</title>');
writeFileSync(path.join(client, 'browser', 'main-ABCD1234.js'), 'export {};');
writeFileSync(path.join(client, 'browser', 'favicon.svg'), '<svg/>');

const gateway = useGateway({ usePostgres, useRedis, env: { FRESHET_CLIENT_DIR: client } });
const get = (address: string) => request(gateway.url).get(address);

describe('the client', () => {
  it('is served for every page it routes itself, and asked for anew each time', async () => {
    for (const page of ['/', '/projects/1/models/2', '/sign-in']) {
      const answer = await get(page);
      expect([answer.status, answer.text, answer.headers['cache-control']]).toEqual([
        200,
        '<title>Freshet</title>',
        'no-cache',
      ]);
    }
  });

  it('has files that never change kept for ever, and others asked for anew', async () => {
    expect((await get('/main-ABCD1234.js')).headers['cache-control']).toBe(
      'public, max-age=31536000, immutable',
    );
    expect((await get('/favicon.svg')).headers['cache-control']).toBe('no-cache');
  });

  it('does not stand in for what is missing', async () => {
    expect((await get('/gone-ABCD1234.js')).status).toBe(404);
    expect((await get('/api/gone')).body).toMatchObject({ status: 404, code: 'not_found' });
    expect((await get('/..%2f..%2fetc%2fpasswd')).text).not.toContain('root:');
  });

  it('may load nothing from elsewhere and run no script within a page', async () => {
    const policy = String((await get('/')).headers['content-security-policy']);
    expect(policy).toContain(`default-src 'self';script-src 'self';`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect((await get('/')).headers).toMatchObject({ 'x-content-type-options': 'nosniff' });
  });
});

describe('the API', () => {
  it('describes itself to people and machines, with nothing from elsewhere', async () => {
    const document = await get('/api/openapi.json');
    expect([document.status, document.body.openapi]).toEqual([200, '3.1.0']);
    const docs = await get('/api/docs');
    expect([docs.status, docs.type]).toEqual([200, 'text/html']);
    expect(docs.text).not.toMatch(/(src|href)="https?:/);
    for (const [, asset] of docs.text.matchAll(/(?:src|href)="\.\/docs\/([^"]+)"/g))
      expect((await get(`/api/docs/${asset}`)).status).toBe(200);
  });

  it('lets nobody keep its answers', async () => {
    expect((await gateway.as(gateway.acme, 'me')).headers['cache-control']).toBe('no-store');
  });

  it('tells each caller how much it has left', async () => {
    const { headers } = await gateway.as(gateway.acme, 'me');
    expect(Number(headers['ratelimit-remaining'])).toBeLessThan(Number(headers['ratelimit-limit']));
  });

  it('refuses huge requests', async () => {
    const answer = await gateway
      .as(gateway.acme, 'runQuery', gateway.acme)
      .send({ sql: 'x'.repeat(1_100_000) });
    expect(answer.body).toMatchObject({ status: 413, code: 'too_large' });
  });

  it('is ready when PostgreSQL and Redis are there', async () => {
    expect((await get('/health/ready')).body).toMatchObject({
      status: 'ok',
      service: 'gateway',
      checks: { postgresql: { status: 'up' }, redis: { status: 'up' } },
    });
  });
});

describe('Bull Board', () => {
  const board = (address: string, cookie?: string) =>
    (cookie ? get(address).set('Cookie', cookie) : get(address)).redirects(0);

  it('is closed to strangers without a redirect, and to members who are not operators', async () => {
    for (const address of [
      '/admin/queues',
      '/admin/queues/',
      '/admin/queues/api/queues',
      '/admin/queues/static/x.js',
    ]) {
      const answer = await board(address);
      expect([answer.status, answer.body.code]).toEqual([401, 'unauthenticated']);
    }
    expect((await board('/admin/queues', await gateway.signIn(gateway.acme.email))).status).toBe(403);
    expect((await get('/admin/queues').set('Authorization', `Bearer ${gateway.acme.apiKey}`)).status).toBe(
      403,
    );
  });

  it('shows all queues to an operator, with nothing from elsewhere', async () => {
    const cookie = await gateway.signIn(gateway.operator.email);
    const page = await board('/admin/queues', cookie);
    expect(page.status).toBe(200);
    expect(page.text).not.toMatch(/(src|href)="https?:/);
    const queues = await board('/admin/queues/api/queues', cookie);
    expect(queues.body.queues.map(({ name }: { name: string }) => name).sort()).toEqual(['cascade', 'sync']);
  });

  it('changes nothing on behalf of another site', async () => {
    const cookie = await gateway.signIn(gateway.operator.email);
    const forged = await request(gateway.url)
      .put('/admin/queues/api/queues/sync/pause')
      .set('Cookie', cookie)
      .set('Origin', 'https://evil.example');
    expect(forged.status).toBe(403);
  });
});
