/** What a build is made from, read in the build's own snapshot: the definition, the attempts so far, the last version. */
import type { Column, Guard, ModelIndex } from '@freshet/contracts';
import type { InputVector } from '@freshet/domain';
import type { Sql } from '../sql';

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
  lastStartedAttempt: number;
  publishedVersion: number;
  published: { columns: Column[]; rowCount: number; contentHash: string; indexes: ModelIndex[] } | null;
  builtVector: InputVector | null;
}

const query = /* sql */ `
select m.id::text, m.organization_id::text as "organizationId", m.project_id::text as "projectId", m.name, m.sql,
  m.definition_revision as "definitionRevision", m.forced, m.guards, m.indexes, m.schema_policy as "schemaPolicy",
  m.allow_empty as "allowEmpty", m.last_started_attempt as "lastStartedAttempt", m.published_version as "publishedVersion",
  m.built_vector as "builtVector",
  case when v.version is not null then json_build_object('columns', v.columns, 'rowCount', v.row_count,
    'contentHash', v.content_hash, 'indexes', v.indexes) end as published
from app.data_model m
left join app.model_version v on v.model_id = m.id and v.version = m.published_version
where m.id = $1 and m.deleted_at is null`;

export const loadBuild = async (sql: Sql, modelId: string): Promise<BuildDefinition | null> =>
  (await sql.rows<BuildDefinition & Record<string, unknown>>(query, [modelId]))[0] ?? null;
