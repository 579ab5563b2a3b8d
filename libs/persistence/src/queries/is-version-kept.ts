/** Whether a version that was built is one of the model's, asked when nobody can be storing it any more. */
import type { Sql } from '../sql';

// Whoever stores a version holds this row until the transaction's end, whatever becomes of its connection.
const lockModel = `select id from app.data_model where id = $1 for update`;
const query = `select exists (select from app.model_version where model_id = $1 and version = $2) as kept`;

/** In a transaction: the answer holds until its end. */
export const isVersionKept = async (sql: Sql, modelId: string, version: number): Promise<boolean> => {
  await sql.rows(lockModel, [modelId]);
  const [row] = await sql.rows<{ kept: boolean }>(query, [modelId, version]);
  return row?.kept ?? false;
};
