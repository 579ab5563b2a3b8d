/** Adds, changes and removes sources. */
import { Inject, Injectable } from '@nestjs/common';
import { Bus } from '@freshet/bus';
import { findConnector, type Connector } from '@freshet/connectors';
import {
  FreshetError,
  manualSchedule,
  type CreateSource,
  type Schedule,
  type Source,
  type UpdateSource,
} from '@freshet/contracts';
import { nextDue } from '@freshet/domain';
import {
  cancelRunningSync, Connection, ControlPlane, DataSource, emitEvents, listSources, lockForChange, Project, recordAudit, requestSync, Stream,
  type EntityManager, type RequestedSync, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import { Clock, principalLabel, requireRevision, SecretBox, type Member } from '@freshet/service-kit';
import { refuseOtherProvider } from '../connections/connection-access';
import { notFound } from '../http/id-param';
import { freeSlug, slugFrom } from '../organization/slug';
import { followConfig, streamsOf } from './follow-config';
import { presentSource } from './present-source';
import { removeSource } from './remove-source';
import { refuseUnknownStreams, requireCredentials } from './source-input';

@Injectable()
export class SourceDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(Bus) private readonly bus: Bus,
    @Inject(SecretBox) private readonly secrets: SecretBox,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  /** Adds the source with its streams, and asks for its first sync. */
  async create(
    caller: Member,
    projectId: string,
    body: CreateSource,
    correlationId: string,
  ): Promise<Source> {
    const connector = findConnector(body.type);
    const config = connector.parseConfig(body.config) as Record<string, unknown>;
    if (!body.connectionId) requireCredentials(connector, body.credentials);
    const streams = connector.streams(config);
    refuseUnknownStreams(streams, body.streams);
    const { organizationId } = caller;
    const added = await this.plane.withTenant(organizationId, async (em, sql) => {
      if (!(await em.findOne(Project, { id: projectId }))) throw notFound('The project');
      // Two at once could choose the same slug.
      await lockForChange(sql, 'project', projectId);
      const slug = await this.slugFor(em, projectId, body);
      const schedule = body.schedule ?? manualSchedule;
      if (body.connectionId) await this.requireConnection(em, connector, body.connectionId);
      const source = em.create(DataSource, {
        organizationId, projectId, type: body.type, name: body.name, slug, config, schedule, nextRunAt: this.nextRun(schedule),
        connectionId: body.connectionId ?? null, newStreams: body.newStreams ?? 'add', archives: body.archives ?? connector.spec.archives,
        firstWindowDays: body.firstWindowDays ?? null,
      }); // prettier-ignore
      await em.flush();
      if (body.credentials && !body.connectionId) this.seal(source, body.credentials);
      for (const [
        priority,
        { name, mode, key, cursor, lookbackDays, provisionalDays, description },
      ] of streams.entries()) {
        em.create(Stream, {
          organizationId, projectId, sourceId: source.id, name, mode, key, cursorColumn: cursor, lookbackDays, provisionalDays, description,
          priority, enabled: body.streams?.includes(name) ?? true,
        }); // prettier-ignore
      }
      await em.flush();
      const run = await requestSync(sql, {
        sourceId: source.id,
        trigger: caller.kind === 'api_key' ? 'api' : 'user',
        principal: principalLabel(caller),
        why: `First sync, since ${principalLabel(caller)} added the source.`,
        request: {},
        correlationId,
      });
      await emitEvents(sql, projectId, [
        { name: 'resource:changed', payload: { kind: 'source', id: source.id, deleted: false } },
      ]);
      return { source: await this.find(sql, source.id), run };
    });
    await this.wake(added.source.id, added.run, correlationId);
    return added.source;
  }

  /**
   * Throws `has_dependents` when a table that others read would go with the config, and `conflict` with the tables that would go when that
   * was not confirmed.
   */
  async update(
    caller: Member,
    id: string,
    change: UpdateSource,
    { expected, confirmed }: { expected: number | null; confirmed: boolean },
  ): Promise<Source> {
    return this.plane.withTenant(caller.organizationId, async (em, sql) => {
      await lockForChange(sql, 'data_source', id);
      const source = await em.findOne(DataSource, { id, deletedAt: null });
      if (!source) throw notFound('The source');
      requireRevision(expected, source.revision);
      const connector = findConnector(source.type);
      const { name, config, schedule, credentials, connectionId, newStreams, archives, streams } = change;
      if (name !== undefined) source.name = name;
      if (newStreams !== undefined) source.newStreams = newStreams;
      if (archives !== undefined) source.archives = archives;
      if (config !== undefined) {
        const before = streamsOf(connector, source.config);
        source.config = connector.parseConfig(config) as Record<string, unknown>;
        const after = streamsOf(connector, source.config);
        const { removed } = await followConfig(em, sql, { source, before, after, confirmed });
        if (removed.length > 0) await this.tellRemoved(sql, caller, source, removed);
      }
      if (credentials !== undefined) {
        this.seal(source, connector.parseCredentials(credentials));
        source.connectionId = null;
      }
      if (connectionId !== undefined) {
        await this.requireConnection(em, connector, connectionId);
        source.connectionId = connectionId;
      }
      // Other credentials deserve another try: what was wrong with the old ones is over.
      if (credentials !== undefined || connectionId !== undefined) source.lastError = null;
      if (streams) await this.decideStreams(em, id, streams);
      if (schedule !== undefined) {
        source.schedule = schedule;
        source.nextRunAt = this.nextRun(schedule);
      }
      source.revision += 1;
      await em.flush();
      await emitEvents(sql, source.projectId, [
        { name: 'resource:changed', payload: { kind: 'source', id, deleted: false } },
      ]);
      return this.find(sql, id);
    });
  }

  /** A run under way would write into what is gone: it ends where it is, and what it has committed stays. */
  private async tellRemoved(
    sql: Sql,
    caller: Member,
    {
      id,
      organizationId,
      projectId,
      name,
    }: { id: string; organizationId: string; projectId: string; name: string },
    streams: readonly string[],
  ): Promise<void> {
    await recordAudit(sql, {
      organizationId, projectId, principal: principalLabel(caller), action: 'update', subjectKind: 'source', subjectId: id,
      details: { source: name, removedTables: streams },
    }); // prettier-ignore
    await cancelRunningSync(sql, id);
  }

  private seal(
    source: { id: string; organizationId: string; credentials?: unknown },
    credentials: unknown,
  ): void {
    const sealed = this.secrets.seal(
      JSON.stringify(credentials),
      `${source.organizationId}/data_source/${source.id}`,
    );
    Object.assign(source, { credentials: Buffer.from(sealed) });
  }

  private async requireConnection(em: EntityManager, connector: Connector, id: string): Promise<void> {
    const connection = await em.findOne(Connection, { id, deletedAt: null });
    if (!connection) throw notFound('The connection');
    refuseOtherProvider(connector, connection.provider);
  }

  private async decideStreams(
    em: EntityManager,
    sourceId: string,
    decisions: NonNullable<UpdateSource['streams']>,
  ): Promise<void> {
    const streams = await em.find(Stream, { sourceId, deletedAt: null });
    refuseUnknownStreams(streams, decisions.map(({ name }) => name)); // prettier-ignore
    for (const { name, enabled, lookbackDays } of decisions) {
      const stream = streams.find((each) => each.name === name);
      if (!stream) continue;
      stream.noticed = false;
      if (enabled !== undefined) stream.enabled = enabled;
      if (lookbackDays !== undefined) stream.lookbackDays = lookbackDays;
    }
  }

  /** Throws `has_dependents` with the models and dashboards that read its tables, unless confirmed. */
  async remove(caller: Member, id: string, confirmed: boolean): Promise<void> {
    await this.plane.withTenant(caller.organizationId, (em, sql) =>
      removeSource(em, sql, { caller, id, confirmed }),
    );
  }

  /** Wakes a worker; when that fails, the scheduler does. */
  async wake(sourceId: string, run: RequestedSync | null, correlationId: string): Promise<void> {
    if (run && !run.joined)
      await this.bus.enqueueSync({
        runId: run.runId,
        sourceId,
        organizationId: run.organizationId,
        correlationId,
        rank: run.rank,
      });
  }

  async find(sql: Sql, id: string): Promise<Source> {
    const [row] = await listSources(sql, { id, limit: 1 });
    if (!row) throw notFound('The source');
    return presentSource(row, this.clock.now());
  }

  private async slugFor(em: EntityManager, projectId: string, { name, slug }: CreateSource): Promise<string> {
    const sources = await em.find(DataSource, { projectId, deletedAt: null }, { fields: ['slug'] });
    const taken = new Set(sources.map((source) => source.slug));
    if (slug && taken.has(slug))
      throw new FreshetError(
        'name_taken',
        `Another source of this project has the slug ${slug}. Choose another one.`,
        { errors: [{ path: 'slug', message: 'That name is taken.' }] },
      );
    return slug ?? freeSlug(slugFrom(name), taken);
  }

  /** Throws `invalid_input` for a schedule that can't be read. */
  private nextRun(schedule: Schedule): Date | null {
    const due = nextDue(schedule, null, this.clock.now().getTime());
    return due === null ? null : new Date(due);
  }
}
