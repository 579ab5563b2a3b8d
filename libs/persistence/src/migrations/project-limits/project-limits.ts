/** What one statement of a project may take, where that differs from the defaults. */
import { Migration } from '@mikro-orm/migrations';

export class ProjectLimits extends Migration {
  override up(): void {
    this.addSql(`alter table app.project add column limits jsonb not null default '{}'`);
  }

  override down(): void {
    this.addSql('alter table app.project drop column limits');
  }
}
