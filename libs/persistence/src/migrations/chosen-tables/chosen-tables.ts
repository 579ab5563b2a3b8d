/** Tables of a source can be changed and removed: a changed one is read anew, and the name of a removed one is free again. */
import { Migration } from '@mikro-orm/migrations';

const up = /* sql */ `
alter table app.stream
  -- goes up when a person changes what the stream reads, or its key or mode
  add column shape integer not null default 1,
  -- the shape that the table's rows are of; another one: the next run builds the next generation from the source
  add column loaded_shape integer not null default 1;
alter table app.stream drop constraint stream_source_id_name_key;
create unique index stream_name on app.stream (source_id, name) where deleted_at is null;
`;

const down = /* sql */ `
drop index app.stream_name;
update app.stream set name = name || ' ' || id where deleted_at is not null;
alter table app.stream add unique (source_id, name);
alter table app.stream drop column shape, drop column loaded_shape;
`;

export class ChosenTables extends Migration {
  override up(): void {
    this.addSql(up);
  }

  override down(): void {
    this.addSql(down);
  }
}
