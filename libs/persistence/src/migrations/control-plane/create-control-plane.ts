/** The control plane: who may enter, what is connected, what depends on what, and everything that ever ran. */
import { Migration } from '@mikro-orm/migrations';
import { authentication, authenticationFunctions } from './authentication';
import { dashboards } from './dashboards';
import { identity } from './identity';
import { models } from './models';
import { sources } from './sources';

/** As they were then: later migrations open and close their own. */
const tenantTables = [
  'organization', 'project', 'membership', 'api_key', 'data_source', 'stream', 'retired_table', 'sync_run', 'sync_run_stream',
  'sync_reject', 'data_model', 'model_input', 'model_version', 'refresh', 'cascade', 'cascade_item', 'dashboard', 'chart',
  'chart_input', 'event',
]; // prettier-ignore

const rowLevelSecurity = tenantTables
  .map((table) => `alter table app.${table} enable row level security;`)
  .concat(
    'alter table app.app_user enable row level security;',
    'alter table app.session enable row level security;',
  )
  .join('\n');

const closeFunctions = authenticationFunctions
  .map((each) => `revoke all on function app.${each} from public;`)
  .join('\n');

export class CreateControlPlane extends Migration {
  override up(): void {
    this.addSql('create schema if not exists app');
    for (const part of [
      identity,
      sources,
      models,
      dashboards,
      authentication,
      rowLevelSecurity,
      closeFunctions,
    ]) {
      this.addSql(part);
    }
  }

  override down(): void {
    for (const each of authenticationFunctions) this.addSql(`drop function app.${each}`);
    const tables = [...tenantTables, 'session', 'app_user'].map((table) => `app.${table}`);
    this.addSql(`drop table ${tables.join(', ')} cascade`);
  }
}
