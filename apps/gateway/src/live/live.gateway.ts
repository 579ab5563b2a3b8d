/** Sockets of browsers and services: who may listen to which project, and what happens there as it happens. */
import { Inject, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import {
  ConnectedSocket, MessageBody, SubscribeMessage, WebSocketGateway, WebSocketServer, type OnGatewayDisconnect, type OnGatewayInit,
} from '@nestjs/websockets'; // prettier-ignore
import { channels, defaults, FreshetError, toFreshetError, type ProjectEvent } from '@freshet/contracts';
import { ControlPlane, findDashboardProject, findSeqs, listEvents } from '@freshet/persistence';
import { Authenticator, LOG, requireMember, type Log, type Principal } from '@freshet/service-kit';
import type { Server, Socket } from 'socket.io';
import { z } from 'zod';
import { News } from '../control/news';
import { notFound, requireId } from '../http/id-param';
import { EventFeed } from './event-feed';
import { OpenDashboards } from './open-dashboards';
import { revocations, type Revocation } from './revocations';

/** A session can also end by its time, and a membership by an owner: open sockets are asked again this often. */
const recheckEvery = 12;

const subscription = z.object({ projectId: z.string() });
const opened = z.object({ dashboardId: z.string() });
/** A page shows one; somebody with many windows open is not refused. */
const mostOpened = 50;
const committed = z.object({ projectId: z.string(), seq: z.number() });
const room = (projectId: string): string => `project:${projectId}`;

type Answer = { seq: number } | { ok: true } | { error: { code: string; message: string } };

interface LiveSocket extends Socket {
  data: { principal: Principal; dashboards: Set<string> };
}

@WebSocketGateway({ serveClient: false, cookie: false, maxHttpBufferSize: 16_384 })
export class LiveGateway
  implements OnGatewayInit, OnGatewayDisconnect, OnApplicationBootstrap, OnModuleDestroy
{
  @WebSocketServer() private readonly server!: Server;
  private readonly feed: EventFeed;
  private readonly dashboards: OpenDashboards;
  private heartbeat: NodeJS.Timeout | undefined;
  private beats = 0;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Authenticator) private readonly authenticator: Authenticator,
    @Inject(News) private readonly news: News,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.feed = new EventFeed({
      store: {
        list: (projectId, after, limit) => listEvents(plane.system, projectId, after, limit),
        seqs: (projectIds) => findSeqs(plane.system, projectIds),
      },
      deliver: (event) => void this.server.to(room(event.projectId)).emit(event.name, event),
      onError: (err) => log.warn({ err }, 'Events could not be read; the next heartbeat tries again'),
    });
    this.dashboards = new OpenDashboards({ sql: () => plane.system, log });
    for (const channel of [channels.events, channels.progress, revocations.channel])
      news.on(channel, (payload) => this.receive(channel, payload));
    news.onListening(() => void this.tellSeqs());
  }

  afterInit(server: Server): void {
    server.use((socket, next) => {
      this.admit(socket).then(
        () => next(),
        (error: unknown) => {
          const { code, message } = toFreshetError(error);
          next(Object.assign(new Error(message), { data: { code, message } }));
        },
      );
    });
    server.of('/').adapter.on('delete-room', (name: string) => {
      if (name.startsWith('project:')) this.feed.unwatch(name.slice('project:'.length));
    });
  }

  onApplicationBootstrap(): void {
    this.dashboards.start();
    this.heartbeat = setInterval(() => void this.beat(), defaults.seqHeartbeat);
  }

  async onModuleDestroy(): Promise<void> {
    clearInterval(this.heartbeat);
    await this.news.close();
    await this.dashboards.stop();
    await this.feed.settled();
  }

  handleDisconnect(socket: Socket): void {
    void this.dashboards.leave(socket.id);
  }

  /** Joins the project's room; the answer's `seq` is the place from which on everything is sent. */
  @SubscribeMessage('subscribe')
  subscribe(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<Answer> {
    return this.answer(async () => {
      const projectId = requireId(subscription.parse(body).projectId);
      const { organizationId } = requireMember(socket.data.principal);
      const find = () => this.plane.withTenant(organizationId, (_, sql) => findSeqs(sql, [projectId]));
      if (!(await find()).has(projectId)) throw notFound('The project');
      await this.feed.watch(projectId);
      await socket.join(room(projectId));
      // Should the last other listener have left meanwhile.
      await this.feed.watch(projectId);
      // Read after joining: what comes later is sent, what came before is in `GET …/events`.
      return { seq: (await find()).get(projectId) ?? 0 };
    });
  }

  @SubscribeMessage('unsubscribe')
  unsubscribe(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<Answer> {
    return this.answer(async () => {
      await socket.leave(room(subscription.parse(body).projectId));
      return { ok: true };
    });
  }

  /** The dashboard is being looked at through this socket, until `unwatch` or its end: the models behind it go first. */
  @SubscribeMessage('watch')
  watch(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<Answer> {
    return this.answer(async () => {
      const dashboardId = requireId(opened.parse(body).dashboardId);
      const { organizationId } = requireMember(socket.data.principal);
      const { dashboards } = socket.data;
      const projectId = await this.plane.withTenant(organizationId, (_, sql) =>
        findDashboardProject(sql, dashboardId),
      );
      if (projectId === null) throw notFound('The dashboard');
      if (dashboards.size >= mostOpened && !dashboards.has(dashboardId))
        throw new FreshetError('invalid_input', `One connection watches at most ${mostOpened} dashboards.`);
      if (!socket.connected) return { ok: true };
      dashboards.add(dashboardId);
      await this.dashboards.watch(socket.id, dashboardId);
      return { ok: true };
    });
  }

  @SubscribeMessage('unwatch')
  unwatch(@ConnectedSocket() socket: LiveSocket, @MessageBody() body: unknown): Promise<Answer> {
    return this.answer(async () => {
      const { dashboardId } = opened.parse(body);
      socket.data.dashboards.delete(dashboardId);
      await this.dashboards.unwatch(socket.id, dashboardId);
      return { ok: true };
    });
  }

  private async admit(socket: Socket): Promise<void> {
    const { headers } = socket.handshake;
    this.authenticator.checkSocketOrigin(headers);
    const principal = await this.authenticator.authenticate(headers);
    socket.data = { principal, dashboards: new Set() };
    await socket.join(
      ownRoom({ sessionId: principal.sessionId ?? undefined, apiKeyId: principal.apiKeyId ?? undefined }),
    );
  }

  private receive(channel: string, payload: unknown): void {
    if (channel === channels.events) {
      const { projectId, seq } = committed.parse(payload);
      this.feed.notified(projectId, seq);
    } else if (channel === channels.progress) {
      const event = payload as ProjectEvent;
      this.server.to(room(event.projectId)).emit(event.name, event);
    } else {
      this.server.in(ownRoom(payload as Revocation)).disconnectSockets(true);
    }
  }

  private async beat(): Promise<void> {
    await this.tellSeqs();
    if (++this.beats % recheckEvery === 0) await this.recheckSockets();
  }

  /** Tells each room how far its events have got, so that a client notices what it missed. */
  private async tellSeqs(): Promise<void> {
    try {
      const seqs = await this.feed.catchUp();
      await this.feed.settled();
      for (const [projectId, seq] of seqs)
        this.server.to(room(projectId)).emit('room:seq', { projectId, seq });
    } catch (err) {
      this.log.warn({ err }, 'The heartbeat of the rooms failed; the next one tries again');
    }
  }

  private async recheckSockets(): Promise<void> {
    for (const socket of this.server.of('/').sockets.values()) {
      await this.authenticator.authenticate(socket.handshake.headers).catch((error: unknown) => {
        if (toFreshetError(error).code === 'unauthenticated') socket.disconnect(true);
      });
    }
  }

  private async answer(work: () => Promise<Answer>): Promise<Answer> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof z.ZodError)
        return { error: { code: 'invalid_input', message: 'Send the id: {projectId} or {dashboardId}.' } };
      const { code, message, cause } = toFreshetError(error);
      if (code === 'internal') this.log.error({ err: cause }, 'A socket message failed');
      return { error: { code, message } };
    }
  }
}

/** The room in which one session's, or one key's, sockets are, so that they can be closed when it is revoked. */
const ownRoom = ({ sessionId, apiKeyId }: Revocation): string =>
  sessionId ? `session:${sessionId}` : `key:${apiKeyId}`;
