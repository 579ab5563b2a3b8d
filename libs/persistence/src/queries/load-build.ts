/** What a build is made from, read in the build's own snapshot: the definition, the attempts so far, the last version. */
import type { Column, Guard, ModelIndex } from '@freshet/contracts';
import type { Sql } from '../sql';
import type { InputEdge } from './replace-model-inputs';

export interface BuildDefinition {
  id: string;
  organizationId: string;
  projectId: string;
  name: string;
  sql: string;
  definitionRevision: number;
  forced: number;
  guards: Guard[];
  indexes: ModelIndex[];
  schemaPolicy: 'strict' | 'additive' | 'any';
  allowEmpty: boolean;
  /** What is built now is kept from readers: it is pinned, or in shadow mode that has not ended. */
  shadowed: boolean;
  stableView: boolean;
  /** Edges of the graph, as they were stored when the text was last saved or built. */
  inputs: InputEdge[];
  lastStartedAttempt: number;
  publishedVersion: number;
  published: PublishedVersion | null;
  /** Built and waiting for the others of its set. */
  candidateVersion: number | null;
  candidate: PublishedVersion | null;
}

export interface PublishedVersion {
  columns: Column[];
  rowCount: number;
  contentHash: string;
  indexes: ModelIndex[];
}

const version = (alias: string): string => /* sql */ `case when ${alias}.version is not null then
  json_build_object('columns', ${alias}.columns, 'rowCount', ${alias}.row_count, 'contentHash', ${alias}.content_hash,
    'indexes', ${alias}.indexes) end`;

/** Whether builds of a model `m` are kept from readers for now. */
export const isShadowed = /* sql */ `(m.pinned_version is not null
  or m.mode = 'shadow' and (m.shadow_until is null or m.shadow_until > clock_timestamp()))`;

const query = /* sql */ `
select m.id::text, m.organization_id::text as "organizationId", m.project_id::text as "projectId", m.name, m.sql,
  m.definition_revision as "definitionRevision", m.forced, m.guards, m.indexes, m.schema_policy as "schemaPolicy",
  m.allow_empty as "allowEmpty", ${isShadowed} as shadowed, m.stable_view as "stableView",
  (select coalesce(json_agg(json_build_object('kind', i.kind, 'id', i.input_id::text)), '[]')
    from app.model_input i where i.model_id = m.id) as inputs,
  m.last_started_attempt as "lastStartedAttempt", m.published_version as "publishedVersion", ${version('v')} as published,
  m.candidate_version as "candidateVersion", ${version('c')} as candidate
from app.data_model m
left join app.model_version v on v.model_id = m.id and v.version = m.published_version
left join app.model_version c on c.model_id = m.id and c.version = m.candidate_version
where m.id = $1 and m.deleted_at is null`;

export const loadBuild = async (sql: Sql, modelId: string): Promise<BuildDefinition | null> =>
  (await sql.rows<BuildDefinition & Record<string, unknown>>(query, [modelId]))[0] ?? null;
