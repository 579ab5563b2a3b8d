/** One built version of a model: where it is, what it holds, and the columns people see. */
import { escapeIdentifier } from '../sql-names';
import { modelTable, projectSchema } from '../names';

export interface VersionRef {
  projectId: string;
  modelId: string;
  version: number;
}

export interface VersionColumn {
  name: string;
  /** As PostgreSQL writes it, e.g. `bigint`, `numeric(12,2)`, `timestamp with time zone`. */
  type: string;
}

export interface BuiltVersion {
  columns: VersionColumn[];
  rowCount: number;
  /** Table, TOAST and indexes, in bytes. */
  bytes: number;
  /** Equal for equal rows in whatever order they lie; see `contentHash`. */
  contentHash: string;
}

/** `"p_1"."m_42_v18"`. */
export const qualifiedVersion = ({ projectId, modelId, version }: VersionRef): string =>
  `${escapeIdentifier(projectSchema(projectId))}.${escapeIdentifier(modelTable(modelId, version))}`;
