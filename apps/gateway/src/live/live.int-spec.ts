import { channels, missedEvents, type ProjectEvent } from '@freshet/contracts';
import { ControlPlane } from '@freshet/persistence';
import { Signal, usePostgres, useRedis, waitFor } from '@freshet/testing';
import { io, type Socket } from 'socket.io-client';
import { useGateway, type Tenant } from '../testing/gateway-under-test';
import { happen } from '../testing/stand-in-data';

const gateway = useGateway({ usePostgres, useRedis });
const sockets: Socket[] = [];
afterEach(() => sockets.splice(0).forEach((socket) => socket.close()));

type Joined = {
  socket: Socket;
  answer: { seq?: number; error?: { code: string } };
  events: Signal<ProjectEvent>;
  beats: Signal<{ projectId: string; seq: number }>;
};

function open(headers: Record<string, string>): Socket {
  const socket = io(gateway.url, {
    extraHeaders: headers,
    transports: ['websocket'],
    reconnection: false,
    forceNew: true,
  });
  sockets.push(socket);
  return socket;
}

const refusal = (socket: Socket) =>
  new Promise<string>((resolve) => {
    socket.on('connect', () => resolve('connected'));
    socket.on('connect_error', (error) =>
      resolve((error as Error & { data?: { code: string } }).data?.code ?? error.message),
    );
  });

async function join(projectId: string, headers: Record<string, string>): Promise<Joined> {
  const socket = open(headers);
  const events = new Signal<ProjectEvent>();
  const beats = new Signal<{ projectId: string; seq: number }>();
  socket.onAny((name: string, payload: ProjectEvent & { projectId: string; seq: number }) =>
    name === 'room:seq' ? beats.fire(payload) : events.fire(payload),
  );
  return { socket, events, beats, answer: await socket.emitWithAck('subscribe', { projectId }) };
}

const bearer = ({ apiKey }: Tenant) => ({ Authorization: `Bearer ${apiKey}` });
const started = (runId: string) => ({ name: 'sync:started' as const, payload: { sourceId: '1', runId } });

describe('a socket', () => {
  it('opens with a cookie or a key, and with nothing else', async () => {
    const cookie = await gateway.signIn(gateway.acme.email);
    expect(await refusal(open({ Cookie: cookie }))).toBe('connected');
    expect(await refusal(open(bearer(gateway.acme)))).toBe('connected');
    expect(await refusal(open({}))).toBe('unauthenticated');
    expect(await refusal(open({ Authorization: 'Bearer fr_live_wrong' }))).toBe('unauthenticated');
  });

  it('does not open for a page of another site, whose browser sends the cookie along', async () => {
    const cookie = await gateway.signIn(gateway.acme.email);
    expect(await refusal(open({ Cookie: cookie, Origin: 'https://evil.example' }))).toBe('forbidden');
    expect(await refusal(open({ Cookie: cookie, Origin: gateway.url }))).toBe('connected');
  });

  it('hears what happens in its project, in order, with the seq that joining told', async () => {
    const { answer, events } = await join(gateway.acme.projectId, bearer(gateway.acme));
    await Promise.all(
      Array.from({ length: 20 }, (_, n) =>
        happen(gateway, gateway.acme.projectId, [started(`${n}a`), started(`${n}b`)]),
      ),
    );
    const heard = [];
    for (let n = 0; n < 40; n++) heard.push(await events.next());
    expect(heard.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 40 }, (_, n) => (answer.seq ?? 0) + n + 1),
    );
    expect(heard[0]).toMatchObject({
      name: 'sync:started',
      projectId: gateway.acme.projectId,
      at: expect.stringMatching(/Z$/),
    });
  });

  it('hears progress, which is not stored', async () => {
    const { events } = await join(gateway.acme.projectId, bearer(gateway.acme));
    const progress = {
      name: 'sync:progress',
      projectId: gateway.acme.projectId,
      seq: null,
      payload: { sourceId: '1', runId: '1', progress: 0.5, rows: 10, stream: null },
      at: '',
    };
    await gateway.app
      .get(ControlPlane)
      .system.rows(`select pg_notify('${channels.progress}', $1)`, [JSON.stringify(progress)]);
    expect(await events.next()).toEqual(progress);
  });

  it('hears nothing of another organization, nor of a project that does not exist', async () => {
    const spy = await join(gateway.globex.projectId, bearer(gateway.acme));
    expect(spy.answer).toMatchObject({ error: { code: 'not_found' } });
    expect((await join('999999', bearer(gateway.acme))).answer).toMatchObject({
      error: { code: 'not_found' },
    });
    expect((await join('all', bearer(gateway.acme))).answer).toMatchObject({ error: { code: 'not_found' } });
    const member = await join(gateway.globex.projectId, bearer(gateway.globex));
    await happen(gateway, gateway.globex.projectId, [started('secret')]);
    await member.events.next();
    expect(spy.events.values).toEqual([]);
  });

  it('is told to subscribe properly', async () => {
    const socket = open(bearer(gateway.acme));
    expect(await socket.emitWithAck('subscribe', 'nonsense')).toMatchObject({
      error: { code: 'invalid_input' },
    });
  });

  it('closes when its session is signed out or its key revoked', async () => {
    const cookie = await gateway.signIn(gateway.acme.email);
    const bySession = await join(gateway.acme.projectId, { Cookie: cookie });
    const created = await gateway.as(gateway.acme, 'createApiKey').send({ name: 'Sockets' });
    const byKey = await join(gateway.acme.projectId, { Authorization: `Bearer ${created.body.key}` });
    const other = await join(gateway.acme.projectId, bearer(gateway.acme));
    await gateway.call('signOut').set('Cookie', cookie);
    await gateway.as(gateway.acme, 'deleteApiKey', { id: created.body.id });
    await waitFor(() => bySession.socket.disconnected && byKey.socket.disconnected);
    expect(other.socket.connected).toBe(true);
  });

  it('goes on hearing after the listening connection was lost, and what came meanwhile too', async () => {
    const { answer, events } = await join(gateway.acme.projectId, bearer(gateway.acme));
    // The event and the loss at once: its notification reaches nobody who listens.
    await gateway.postgres.pool.query(
      `select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'freshet gateway events' and datname = current_database()`,
    );
    await happen(gateway, gateway.acme.projectId, [started('meanwhile')]);
    expect(await events.next()).toMatchObject({
      seq: (answer.seq ?? 0) + 1,
      payload: { runId: 'meanwhile' },
    });
    await happen(gateway, gateway.acme.projectId, [started('afterwards')]);
    expect(await events.next()).toMatchObject({ payload: { runId: 'afterwards' } });
  });

  it('is told every few seconds how far its project has got', async () => {
    const { answer, beats } = await join(gateway.acme.projectId, bearer(gateway.acme));
    expect(await beats.next()).toEqual({ projectId: gateway.acme.projectId, seq: answer.seq });
  });
});

describe('a dashboard that is open', () => {
  const watches = async (dashboardId: string) =>
    (
      await gateway.postgres.pool.query<{ seconds: number; organization: string; project: string }>(
        `select extract(epoch from until - now())::float8 as seconds, organization_id as organization, project_id as project
         from app.dashboard_watch where dashboard_id = $1`,
        [dashboardId],
      )
    ).rows;
  const create = async (tenant: Tenant, name: string): Promise<string> =>
    (await gateway.as(tenant, 'createDashboard', tenant).send({ name })).body.id;

  it('is told of while a socket watches it, and no longer when the last one is gone', async () => {
    const dashboardId = await create(gateway.acme, 'Watched');
    const [one, other] = [open(bearer(gateway.acme)), open(bearer(gateway.acme))];
    expect(await one.emitWithAck('watch', { dashboardId })).toEqual({ ok: true });
    expect(await other.emitWithAck('watch', { dashboardId })).toEqual({ ok: true });
    const [watch, ...more] = await watches(dashboardId);
    expect(more).toEqual([]);
    expect(watch).toMatchObject({
      organization: gateway.acme.organizationId,
      project: gateway.acme.projectId,
    });
    expect(watch?.seconds).toBeGreaterThan(50);

    expect(await one.emitWithAck('unwatch', { dashboardId })).toEqual({ ok: true });
    expect(await watches(dashboardId)).toHaveLength(1);
    other.close();
    await waitFor(async () => (await watches(dashboardId)).length === 0);
  });

  it("is not another organization's to watch", async () => {
    const dashboardId = await create(gateway.globex, 'Private');
    const spy = open(bearer(gateway.acme));
    expect(await spy.emitWithAck('watch', { dashboardId })).toMatchObject({ error: { code: 'not_found' } });
    expect(await watches(dashboardId)).toEqual([]);
    expect(await spy.emitWithAck('watch', {})).toMatchObject({ error: { code: 'invalid_input' } });
  });
});

describe('events missed while away', () => {
  it('are listed after a seq, page by page', async () => {
    const { seq } = missedEvents.parse(
      (await gateway.as(gateway.globex, 'missedEvents', gateway.globex)).body,
    );
    await happen(gateway, gateway.globex.projectId, [started('1'), started('2'), started('3')]);
    const first = missedEvents.parse(
      (await gateway.as(gateway.globex, 'missedEvents', gateway.globex).query({ after: seq, limit: 2 })).body,
    );
    const second = missedEvents.parse(
      (
        await gateway
          .as(gateway.globex, 'missedEvents', gateway.globex)
          .query({ after: first.nextCursor, limit: 2 })
      ).body,
    );
    expect([first.items.map((event) => event.seq), first.seq]).toEqual([[seq + 1, seq + 2], seq + 3]);
    expect([second.items.map((event) => event.seq), second.nextCursor]).toEqual([[seq + 3], null]);
  });
});
