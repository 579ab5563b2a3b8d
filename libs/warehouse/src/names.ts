/** Physical names in the data plane, all short and derived from ids, so that renaming anything a person sees touches no table. */
import { createHash } from 'node:crypto';

const shortHash = (text: string, length: number): string =>
  createHash('sha256').update(text).digest('hex').slice(0, length);

/** The schema of a project's stream tables and model versions. */
export const projectSchema = (projectId: string): string => `p_${projectId}`;

/** `s_<hash>_v<generation>`: a stream's table; the hash is of the stream's id, so any logical name is possible. */
export const streamTable = (streamId: string, generation: number): string =>
  `s_${shortHash(`stream:${streamId}`, 10)}_v${generation}`;

/** `m_<model>_v<version>`: one built version of a model. */
export const modelTable = (modelId: string, version: number): string => `m_${modelId}_v${version}`;

/** An installation's short name in cluster-wide role names; parallel installations on one cluster must differ. */
export const installationId = (databaseName: string): string => shortHash(`installation:${databaseName}`, 8);

/** The login that builds versions: may create tables in the project's schema and read it. */
export const buildRole = (installation: string, projectId: string): string =>
  `f_${installation}_${projectId}_build`;

/** The login that runs people's queries: may only read the project's schema. */
export const readRole = (installation: string, projectId: string): string =>
  `f_${installation}_${projectId}_read`;

/** The schema of a project's stable views, for tools outside of Freshet. */
export const viewSchema = (projectId: string): string => `pub_${projectId}`;

/** The group that may read the project's stable views; an operator grants it to the logins of such tools. */
export const viewRole = (installation: string, projectId: string): string =>
  `f_${installation}_${projectId}_pub`;
