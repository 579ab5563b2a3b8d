/** The temporary table in which a slice is compared with its target: kept by its session, as making one writes much into the catalogue. */
import { createHash } from 'node:crypto';
import type { ClientBase } from 'pg';
import { escapeIdentifier } from '../sql-names';

/** So many a session keeps: at the commit of a slice all of them are truncated, a millisecond each. */
const keptStages = 4;

const prefix = 'freshet_stage_';

export interface ShapedColumn {
  name: string;
  /** As PostgreSQL formats it. */
  type: string;
}

/** Of columns alone: tables of one shape share a stage, and a table that changed never meets the one it had. */
const stageName = (columns: readonly ShapedColumn[]): string => {
  const shape = JSON.stringify(columns.map(({ name, type }) => [name, type]));
  return prefix + createHash('sha256').update(shape).digest('hex').slice(0, 32);
};

/**
 * An empty stage with the columns of `target`, and its quoted name. The catalogue is asked each time, since a rollback takes a new stage
 * away again. One that was there is truncated rather than found empty: only into a file of this very transaction does COPY write row
 * after row; elsewhere it fills gaps of earlier pages too, and then the order of `ctid` is not that of arrival.
 */
export const emptyStage = async (
  client: ClientBase,
  target: string,
  columns: readonly ShapedColumn[],
): Promise<string> => {
  const name = stageName(columns);
  const stage = `pg_temp.${escapeIdentifier(name)}`;
  const { rows } = await client.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = pg_my_temp_schema() AND starts_with(relname, $1)`,
    [prefix],
  );
  if (rows.some((kept) => kept.name === name)) {
    await client.query(`TRUNCATE ${stage}`);
    return stage;
  }
  if (rows.length >= keptStages)
    await client.query(`DROP TABLE ${rows.map((kept) => `pg_temp.${kept.name}`).join(', ')}`);
  // Without the table's NOT NULL, each of which would be rows in the catalogue: keys are looked at before they are sent.
  await client.query(`CREATE TEMP TABLE ${name} ON COMMIT DELETE ROWS AS TABLE ${target} WITH NO DATA`);
  return stage;
};
