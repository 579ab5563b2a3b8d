/** Writes down who did what: in the transaction that does it, so that neither is there without the other. */
import type { Sql } from '../sql';

export type AuditedAction =
  | 'update'
  | 'rollback'
  | 'release'
  | 'promote'
  | 'rename'
  | 'delete'
  | 'hold-release'
  | 'publish-mode'
  | 'limits'
  | 'connect'
  | 'reconnect'
  | 'disconnect';

export interface AuditRecord {
  organizationId: string;
  projectId: string | null;
  /** The name to show: a person's, or an API key's. */
  principal: string;
  action: AuditedAction;
  subjectKind: 'model' | 'source' | 'sync_run' | 'project' | 'connection';
  subjectId: string;
  details: Record<string, unknown>;
}

const insert = /* sql */ `
insert into app.audit_entry (organization_id, project_id, principal, action, subject_kind, subject_id, details)
values ($1, $2, $3, $4, $5, $6, $7)`;

/** In a transaction. */
export const recordAudit = async (sql: Sql, entry: AuditRecord): Promise<void> => {
  await sql.rows(insert, [
    entry.organizationId, entry.projectId, entry.principal, entry.action, entry.subjectKind, entry.subjectId,
    JSON.stringify(entry.details),
  ]); // prettier-ignore
};
