/** The control plane: who may enter, what is connected, what depends on what, and everything that ever ran. */
import { Migration } from '@mikro-orm/migrations';
import { tenantTables } from '../../access/tables';
import { authentication, authenticationFunctions } from './authentication';
import { dashboards } from './dashboards';
import { identity } from './identity';
import { models } from './models';
import { sources } from './sources';

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
