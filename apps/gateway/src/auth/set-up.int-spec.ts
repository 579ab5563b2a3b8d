import { usePostgres, useRedis } from '@freshet/testing';
import { useGateway } from '../testing/gateway-under-test';

const gateway = useGateway({ usePostgres, useRedis, people: false, env: { FRESHET_DEMO: '0' } });
const owner = {
  organizationName: 'Änderung GmbH',
  email: 'olga@aenderung.example',
  name: 'Olga',
  password: 'a long enough password',
};

describe('an empty installation', () => {
  it('is set up once, by its first visitor, who is signed in', async () => {
    expect((await gateway.call('setUpState')).body).toEqual({ needed: true });
    expect((await gateway.call('setUp').send({ ...owner, password: 'short' })).status).toBe(400);
    const both = await Promise.all([
      gateway.call('setUp').send(owner),
      gateway.call('setUp').send({ ...owner, email: 'mallory@evil.example' }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 404]);
    const done = both.find(({ status }) => status === 201);
    expect(done?.body).toMatchObject({
      organization: { name: 'Änderung GmbH', role: 'owner' },
      projects: [],
    });
    const cookie = String(done?.headers['set-cookie']).split(';')[0] ?? '';
    expect((await gateway.call('me').set('Cookie', cookie)).status).toBe(200);
    expect((await gateway.call('setUpState')).body).toEqual({ needed: false });
  });

  it('gets its projects from the owner', async () => {
    const first = await gateway.call('signIn').send({ email: owner.email, password: owner.password });
    const email = first.status === 200 ? owner.email : 'mallory@evil.example';
    const signedIn = await gateway.call('signIn').send({ email, password: owner.password });
    const cookie = String(signedIn.headers['set-cookie']).split(';')[0] ?? '';
    const created = await gateway.call('createProject').set('Cookie', cookie).send({ name: 'Growth' });
    expect([created.status, created.body.slug]).toEqual([201, 'growth']);
    const answer = await gateway
      .call('runQuery', { projectId: created.body.id })
      .set('Cookie', cookie)
      .send({ sql: 'select 1 as one' });
    expect(answer.body.rows).toEqual([[1]]);
  });

  it('slows down who guesses passwords', async () => {
    const guess = () => gateway.call('signIn').send({ email: 'victim@aenderung.example', password: 'guess' });
    let answer = await guess();
    for (let n = 0; n < 12 && answer.status === 401; n++) answer = await guess();
    expect(answer.body).toMatchObject({ status: 429, code: 'too_many_requests' });
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(60);
  });
});
