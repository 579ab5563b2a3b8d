/** Models, the versions built of them, and every refresh and cascade. */
import { defineEntity, p } from '@mikro-orm/core';
import type {
  CascadeItemState,
  Column,
  Fault,
  Guard,
  ModelIndex,
  RefreshStatus,
  RefreshTrigger,
  Schedule,
} from '@freshet/contracts';

/** `t:<stream>` → revision, `m:<model>` → version, `d` definition revision, `f` forced; as in @freshet/domain. */
type Vector = Record<string, number>;

export const DataModel = defineEntity({
  name: 'DataModel',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    projectId: p.bigint('string'),
    name: p.text(),
    sql: p.text(),
    definitionRevision: p.integer().default(1),
    forced: p.integer().default(0),
    autoRefresh: p.boolean().default(true),
    updatesOn: p.text().$type<'any' | 'all'>().default('all'),
    guards: p.json<Guard[]>().onCreate(() => []),
    indexes: p.json<ModelIndex[]>().onCreate(() => []),
    schedule: p.json<Schedule>().nullable(),
    keepVersions: p.integer().default(3),
    schemaPolicy: p.text().$type<'strict' | 'additive' | 'any'>().default('any'),
    allowEmpty: p.boolean().default(true),
    paused: p.boolean().default(false),
    publishedVersion: p.integer().default(0),
    pinnedVersion: p.integer().nullable(),
    lastStartedAttempt: p.integer().default(0),
    lastFinishedAttempt: p.integer().default(0),
    mode: p.text().$type<'live' | 'shadow'>().default('live'),
    builtVector: p.json<Vector>().nullable(),
    owedSince: p.datetime().nullable(),
    failures: p.integer().default(0),
    vectorFailures: p.integer().default(0),
    failedVector: p.json<Vector>().nullable(),
    failureFinal: p.boolean().default(false),
    retryAt: p.datetime().nullable(),
    lastError: p.json<Fault>().nullable(),
    leaseUntil: p.datetime().nullable(),
    leaseRefreshId: p.bigint('string').nullable(),
    lastRefreshedAt: p.datetime().nullable(),
    lastDurationMs: p.integer().nullable(),
    revision: p.integer().default(1),
    createdAt: p.datetime().onCreate(() => new Date()),
    deletedAt: p.datetime().nullable(),
  },
});

export const ModelInput = defineEntity({
  name: 'ModelInput',
  schema: 'app',
  properties: {
    modelId: p.bigint('string').primary(),
    kind: p.text().$type<'t' | 'm'>().primary(),
    inputId: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
  },
});

export const ModelVersion = defineEntity({
  name: 'ModelVersion',
  schema: 'app',
  properties: {
    modelId: p.bigint('string').primary(),
    version: p.integer().primary(),
    organizationId: p.bigint('string'),
    projectId: p.bigint('string'),
    state: p.text().$type<'live' | 'retired' | 'shadow'>(),
    columns: p.json<Column[]>(),
    indexes: p.json<ModelIndex[]>().onCreate(() => []),
    rowCount: p.bigint('number'),
    bytes: p.bigint('number'),
    contentHash: p.text(),
    vector: p.json<Vector>(),
    refreshId: p.bigint('string'),
    builtAt: p.datetime().onCreate(() => new Date()),
    publishedAt: p.datetime().nullable(),
    retiredAt: p.datetime().nullable(),
  },
});

export const Refresh = defineEntity({
  name: 'Refresh',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    projectId: p.bigint('string'),
    modelId: p.bigint('string'),
    status: p.text().$type<RefreshStatus>().default('QUEUED'),
    triggeredBy: p.text().$type<RefreshTrigger>(),
    principal: p.text().nullable(),
    sourceId: p.bigint('string').nullable(),
    cascadeId: p.bigint('string').nullable(),
    why: p.text(),
    vector: p.json<Vector>().nullable(),
    definitionRevision: p.integer().nullable(),
    version: p.integer().nullable(),
    published: p.boolean().default(false),
    rowsBefore: p.bigint('number').nullable(),
    rowsAfter: p.bigint('number').nullable(),
    rowsAdded: p.bigint('number').nullable(),
    rowsRemoved: p.bigint('number').nullable(),
    rowsChanged: p.bigint('number').nullable(),
    queuedAt: p.datetime().onCreate(() => new Date()),
    startedAt: p.datetime().nullable(),
    completedAt: p.datetime().nullable(),
    leaseUntil: p.datetime().nullable(),
    cancelRequested: p.boolean().default(false),
    sql: p.text().nullable(),
    guards: p.json<{ guard: string; ok: boolean; message: string }[]>().onCreate(() => []),
    error: p.json<Fault>().nullable(),
    correlationId: p.text(),
  },
});

export const Cascade = defineEntity({
  name: 'Cascade',
  schema: 'app',
  properties: {
    id: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    projectId: p.bigint('string'),
    sourceId: p.bigint('string').nullable(),
    runId: p.bigint('string').nullable(),
    why: p.text(),
    startedAt: p.datetime().onCreate(() => new Date()),
    completedAt: p.datetime().nullable(),
  },
});

export const CascadeItem = defineEntity({
  name: 'CascadeItem',
  schema: 'app',
  properties: {
    cascadeId: p.bigint('string').primary(),
    modelId: p.bigint('string').primary(),
    organizationId: p.bigint('string'),
    position: p.integer(),
    state: p.text().$type<CascadeItemState>().default('waiting'),
    why: p.text(),
    refreshId: p.bigint('string').nullable(),
    queuedAt: p.datetime().nullable(),
    startedAt: p.datetime().nullable(),
    publishedAt: p.datetime().nullable(),
  },
});
