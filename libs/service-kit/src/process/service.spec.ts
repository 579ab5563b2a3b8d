import { Writable } from 'node:stream';
import { Controller, Get, Module, Param, Post, type INestApplication } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule, DiscoveryService, Reflector } from '@nestjs/core';
import { FreshetError, routes, type CreateDashboard, type PageQuery } from '@freshet/contracts';
import { Test } from '@nestjs/testing';
import request from 'supertest';
import {
  baseEnv,
  readEnv,
  createService,
  createLog,
  Authenticator,
  PrincipalResolver,
  PrincipalGuard,
  Endpoint,
  RouteBody,
  RouteQuery,
  IfMatch,
  requireRevision,
  HealthModule,
  CallingMember,
  LeastRole,
  AllowAccess,
  checkEndpoints,
  type Member,
  type Credential,
  type Principal,
} from '../index';

const member: Principal = {
  kind: 'user',
  userId: '1',
  apiKeyId: null,
  sessionId: '1',
  organizationId: '7',
  role: 'editor',
  operator: false,
  email: 'anna@acme.example',
  name: 'Anna',
};

class Resolver extends PrincipalResolver {
  async resolve({ token }: Credential): Promise<Principal | null> {
    if (token === 'viewer') return { ...member, role: 'viewer' };
    if (token === 'operator') return { ...member, operator: true, organizationId: null, role: null };
    return token === 'good' ? member : null;
  }
}

@Controller()
class Dashboards {
  @Endpoint('listDashboards')
  list(
    @Param('projectId') project: string,
    @RouteQuery('listDashboards') query: PageQuery,
    @CallingMember() caller: Member,
  ) {
    return { project, query, organization: caller.organizationId };
  }

  @Endpoint('createDashboard')
  @LeastRole('editor')
  create(@RouteBody('createDashboard') body: CreateDashboard) {
    return { ...body, revision: 3 };
  }

  @Endpoint('updateDashboard')
  update(@IfMatch() revision: number | null) {
    requireRevision(revision, 3);
    return { revision: 4 };
  }

  @Endpoint('deleteDashboard')
  remove(): void {}

  @Endpoint('loadDashboard')
  load(@RouteBody('loadDashboard') body: unknown) {
    return body;
  }

  @Get('forgotten')
  forgotten() {
    return 'never without a principal';
  }

  @Post('fails')
  @AllowAccess('anybody')
  fails(): never {
    throw new Error('password=hunter22 in some internal message');
  }

  @Get('operators')
  @AllowAccess('operator')
  operators() {
    return 'fine';
  }
}

const ready = { redis: true };

@Module({
  imports: [
    DiscoveryModule,
    HealthModule.with({
      useFactory: () => [
        {
          name: 'redis',
          check: async () => {
            if (!ready.redis) throw new FreshetError('unavailable', 'gone');
          },
        },
      ],
    }),
  ],
  controllers: [Dashboards],
  providers: [
    { provide: PrincipalResolver, useClass: Resolver },
    Authenticator,
    { provide: APP_GUARD, useClass: PrincipalGuard },
  ],
})
class TestModule {}

const lines: string[] = [];
const log = createLog(
  'test',
  'debug',
  new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) }),
);
let app: INestApplication;
const call = () => request(app.getHttpServer());
const cookie = (token: string) => ({ Cookie: `freshet_session=${token}` });

beforeAll(async () => {
  const env = readEnv(baseEnv, {
    NODE_ENV: 'test',
    DATABASE_URL: 'postgres://x@127.0.0.1/x',
    REDIS_URL: 'redis://127.0.0.1',
  });
  app = await createService(
    {
      name: 'test',
      env: baseEnv,
      module: () => TestModule,
      port: () => 0,
      configure: (server) => void server.useBodyParser('json'),
    },
    env,
    { log },
  );
  await app.init();
});
afterAll(() => app.close());

describe('a call', () => {
  it('without credentials is 401 before its input is looked at', async () => {
    const answer = await call().post('/api/projects/1/dashboards').send({ name: 5 });
    expect(answer.status).toBe(401);
    expect(answer.type).toBe('application/problem+json');
    expect(answer.headers['www-authenticate']).toContain('Bearer');
  });

  it('to a handler that says nothing about access is 401 too', async () => {
    expect((await call().get('/forgotten')).status).toBe(401);
  });

  it('with a revoked session or an unknown key is 401, with words that fit', async () => {
    const session = await call().get('/forgotten').set(cookie('old'));
    const key = await call().get('/forgotten').set('Authorization', 'Bearer fr_live_x');
    expect([session.body.detail, key.body.detail]).toEqual([
      expect.stringContaining('session'),
      expect.stringContaining('API key'),
    ]);
  });

  it('gets its path, validated query with defaults, and caller', async () => {
    const answer = await call().get('/api/projects/12/dashboards?limit=5').set(cookie('good'));
    expect(answer.body).toEqual({ project: '12', query: { limit: 5 }, organization: '7' });
  });

  it('with invalid input names each field', async () => {
    const answer = await call()
      .post('/api/projects/1/dashboards')
      .set(cookie('good'))
      .send({ name: '', charts: [{ title: 1 }] });
    expect(answer.status).toBe(400);
    expect(answer.body.errors.map((error: { path: string }) => error.path)).toEqual(
      expect.arrayContaining(['name', 'charts.0.title', 'charts.0.layout']),
    );
  });

  it('answers by the status of the catalogue, with the revision as ETag', async () => {
    const created = await call()
      .post('/api/projects/1/dashboards')
      .set(cookie('good'))
      .send({ name: 'Sales' });
    expect([created.status, created.headers['etag']]).toEqual([201, '"3"']);
    const removed = await call().delete('/api/dashboards/1').set(cookie('good'));
    expect([removed.status, removed.text]).toEqual([204, '']);
  });

  it('takes no body at all for an empty one', async () => {
    expect((await call().post('/api/dashboards/1/data').set(cookie('good'))).body).toEqual({ fresh: false });
  });

  it('with the revision of a former state is 412', async () => {
    const stale = await call().patch('/api/dashboards/1').set(cookie('good')).set('If-Match', '"2"');
    expect([stale.status, stale.body.revision]).toEqual([412, 3]);
    expect((await call().patch('/api/dashboards/1').set(cookie('good')).set('If-Match', '"3"')).status).toBe(
      200,
    );
  });

  it('that changes something with a cookie from another site is refused, and with a key is not', async () => {
    const foreign = { Origin: 'https://evil.example' };
    expect((await call().delete('/api/dashboards/1').set(cookie('good')).set(foreign)).status).toBe(403);
    expect(
      (await call().delete('/api/dashboards/1').set('Authorization', 'Bearer good').set(foreign)).status,
    ).toBe(204);
  });

  it('needs the role its handler names', async () => {
    const answer = await call()
      .post('/api/projects/1/dashboards')
      .set(cookie('viewer'))
      .send({ name: 'Sales' });
    expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining('editor')]);
  });

  it('keeps operators apart from organizations', async () => {
    expect((await call().get('/operators').set(cookie('good'))).status).toBe(403);
    expect((await call().get('/operators').set(cookie('operator'))).status).toBe(200);
    expect((await call().get('/api/projects/1/dashboards').set(cookie('operator'))).status).toBe(403);
  });

  it('that fails inside tells the caller nothing but a correlation id, and the log all', async () => {
    const answer = await call().post('/fails').set('x-correlation-id', 'abcdef-123456');
    expect([answer.status, answer.headers['x-correlation-id'], answer.body.correlationId]).toEqual([
      500,
      'abcdef-123456',
      'abcdef-123456',
    ]);
    expect(answer.text).not.toContain('hunter22');
    expect(lines.find((line) => line.includes('A request failed'))).toContain('abcdef-123456');
  });

  it('to no known path is a problem document as well', async () => {
    expect((await call().get('/api/nothing')).body).toMatchObject({
      status: 404,
      code: 'not_found',
      instance: '/api/nothing',
    });
  });

  it('with unreadable JSON is a problem document as well', async () => {
    const answer = await call()
      .post('/api/projects/1/dashboards')
      .set(cookie('good'))
      .set('Content-Type', 'application/json')
      .send('{');
    expect(answer.body).toMatchObject({ status: 400, code: 'invalid_input' });
  });

  it('leaves neither cookie nor key in the log', () => {
    expect(lines.join('')).not.toMatch(/freshet_session|Bearer good/);
  });
});

describe('health', () => {
  it('is live as long as the process answers, and ready only with what it needs', async () => {
    ready.redis = false;
    const notReady = await call().get('/health/ready');
    expect([notReady.status, notReady.body]).toMatchObject([
      503,
      { status: 'error', service: 'test', checks: { redis: { status: 'down' } } },
    ]);
    expect((await call().get('/health/live')).body).toMatchObject({ status: 'ok', service: 'test' });
    ready.redis = true;
    expect((await call().get('/health/ready')).status).toBe(200);
  });
});

describe('the check of handlers', () => {
  it('names every route of the catalogue that nobody handles', () => {
    const missing = Object.keys(routes).length - 5;
    expect(() => checkEndpoints(app.get(DiscoveryService), app.get(Reflector))).toThrow(
      /signIn has no handler/,
    );
    try {
      checkEndpoints(app.get(DiscoveryService), app.get(Reflector));
    } catch (error) {
      expect(String(error).split('has no handler')).toHaveLength(missing + 1);
    }
  });

  it('names a route that two handlers answer', async () => {
    @Controller()
    class Twice {
      @Endpoint('me')
      one(): void {}

      @Endpoint('me')
      two(): void {}
    }
    const module = await Test.createTestingModule({
      imports: [DiscoveryModule],
      controllers: [Twice],
    }).compile();
    expect(() => checkEndpoints(module.get(DiscoveryService), module.get(Reflector))).toThrow(
      /me has several handlers: Twice.one, Twice.two/,
    );
  });
});
