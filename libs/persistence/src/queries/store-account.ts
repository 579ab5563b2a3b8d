/** Keeps whose data a source reads: name, time zone and currency, as the vendor told at the start of a run. */
import type { Account } from '@freshet/contracts';
import type { Sql } from '../sql';

const ofSource = `update app.data_source set account = $2 where id = $1 and account is distinct from $2::jsonb`;
const ofStreams = /* sql */ `
update app.stream set time_zone = $2, currency = $3
where source_id = $1 and (time_zone, currency) is distinct from ($2::text, $3::text)`;

export const storeAccount = async (sql: Sql, sourceId: string, account: Account): Promise<void> => {
  await sql.rows(ofSource, [sourceId, JSON.stringify(account)]);
  await sql.rows(ofStreams, [sourceId, account.timeZone, account.currency]);
};
