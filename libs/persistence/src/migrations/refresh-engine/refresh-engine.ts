/** What the complete refresh engine remembers: candidates, shadows, dry runs, stable views, who acted, and what is looked at. */
import { Migration } from '@mikro-orm/migrations';

const up = /* sql */ `
alter table app.project add column publish_mode text not null default 'each' check (publish_mode in ('each', 'together'));

alter table app.data_model
  -- built and not published: it waits until the others of its set are built too
  add column candidate_version integer,
  -- when shadow mode ends by itself; null: when somebody ends it
  add column shadow_until timestamptz,
  add column stable_view boolean not null default false,
  -- attempts in a row that ended with their process, on failed_vector
  add column interruptions integer not null default 0;

alter table app.model_version drop constraint model_version_state_check;
alter table app.model_version
  add constraint model_version_state_check check (state in ('live', 'retired', 'shadow', 'candidate')),
  add column guards jsonb not null default '[]';

alter table app.refresh
  add column kind text not null default 'live' check (kind in ('live', 'shadow', 'dry')),
  -- of a dry run: what PostgreSQL expects the query to cost
  add column plan jsonb,
  -- of a shadow build and a dry run: how the result differs from the published version, column by column
  add column comparison jsonb;
drop index app.refresh_queued;
create unique index refresh_queued on app.refresh (model_id, kind) where status = 'QUEUED';
create index refresh_cascade on app.refresh (cascade_id) where cascade_id is not null;

alter table app.cascade_item drop constraint cascade_item_state_check;
alter table app.cascade_item add constraint cascade_item_state_check
  check (state in ('waiting', 'running', 'built', 'published', 'unchanged', 'skipped', 'failed'));
drop index app.cascade_item_open;
create index cascade_item_open on app.cascade_item (model_id) where state in ('waiting', 'running', 'built');

create table app.audit_entry (
  id bigint generated always as identity primary key,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint references app.project on delete cascade,
  at timestamptz not null default clock_timestamp(),
  principal text not null,
  action text not null,
  subject_kind text not null,
  subject_id bigint not null,
  details jsonb not null default '{}'
);
create index audit_entry_organization on app.audit_entry (organization_id, id desc);
create index audit_entry_subject on app.audit_entry (subject_kind, subject_id, id desc);

-- dashboards open right now, as each gateway process tells; an entry nobody renews is over at its time
create table app.dashboard_watch (
  dashboard_id bigint not null references app.dashboard on delete cascade,
  gateway text not null,
  organization_id bigint not null references app.organization on delete cascade,
  project_id bigint not null references app.project on delete cascade,
  until timestamptz not null,
  primary key (dashboard_id, gateway)
);
create index dashboard_watch_organization on app.dashboard_watch (organization_id, until);

alter table app.audit_entry enable row level security;
alter table app.dashboard_watch enable row level security;
`;

const down = /* sql */ `
drop table app.dashboard_watch, app.audit_entry;
update app.cascade_item set state = 'waiting' where state = 'built';
drop index app.cascade_item_open;
create index cascade_item_open on app.cascade_item (model_id) where state in ('waiting', 'running');
alter table app.cascade_item drop constraint cascade_item_state_check;
alter table app.cascade_item add constraint cascade_item_state_check
  check (state in ('waiting', 'running', 'published', 'unchanged', 'skipped', 'failed'));
drop index app.refresh_cascade;
delete from app.refresh where kind <> 'live' and status = 'QUEUED';
drop index app.refresh_queued;
create unique index refresh_queued on app.refresh (model_id) where status = 'QUEUED';
alter table app.refresh drop column kind, drop column plan, drop column comparison;
delete from app.model_version where state = 'candidate';
alter table app.model_version drop column guards, drop constraint model_version_state_check;
alter table app.model_version add constraint model_version_state_check check (state in ('live', 'retired', 'shadow'));
alter table app.data_model drop column candidate_version, drop column shadow_until, drop column stable_view,
  drop column interruptions;
alter table app.project drop column publish_mode;
`;

export class RefreshEngine extends Migration {
  override up(): void {
    this.addSql(up);
  }

  override down(): void {
    this.addSql(down);
  }
}
