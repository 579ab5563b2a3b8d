/** Brings schema `app` to a version and back, as the database's owner; services never connect with such rights. */
import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import pg from 'pg';
import { grantAccess, type ControlRoles } from '../access/grant-access';
import { ChosenTables } from './chosen-tables/chosen-tables';
import { Connectors } from './connectors/connectors';
import { CreateControlPlane } from './control-plane/create-control-plane';
import { ProjectLimits } from './project-limits/project-limits';
import { RefreshEngine } from './refresh-engine/refresh-engine';
import { ToldChanges } from './told-changes/told-changes';

/** In order. The names are what the database remembers: never change one. */
const migrationsList = [
  { name: '20261121-control-plane', class: CreateControlPlane },
  { name: '20261122-refresh-engine', class: RefreshEngine },
  { name: '20261122-told-changes', class: ToldChanges },
  { name: '20261122-project-limits', class: ProjectLimits },
  { name: '20261122-connectors', class: Connectors },
  { name: '20261122-chosen-tables', class: ChosenTables },
];

const withMigrator = async <T>(databaseUrl: string, work: (migrator: Migrator) => Promise<T>): Promise<T> => {
  const orm = await MikroORM.init({
    clientUrl: databaseUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    logger: () => undefined,
    migrations: {
      tableName: 'freshet_migration',
      migrationsList,
      snapshot: false,
      allOrNothing: true,
    },
  });
  try {
    return await work(orm.migrator as Migrator);
  } finally {
    await orm.close();
  }
};

/** Creates or upgrades the control plane. Two starting at once take turns. */
export const migrate = (databaseUrl: string): Promise<void> =>
  inTurn(databaseUrl, () => withMigrator(databaseUrl, async (migrator) => void (await migrator.up())));

/** Takes the control plane back to before its first migration; all of its data is gone. */
export const migrateDown = (databaseUrl: string): Promise<void> =>
  inTurn(databaseUrl, () =>
    withMigrator(databaseUrl, async (migrator) => void (await migrator.down({ to: 0 }))),
  );

/** Migrates, then opens the two logins of the services; what `npm start` and every deployment run first. */
export const prepareDatabase = async (options: {
  databaseUrl: string;
  installation: string;
  masterKey: string;
}): Promise<ControlRoles> => {
  await migrate(options.databaseUrl);
  const admin = new pg.Client({ connectionString: options.databaseUrl });
  await admin.connect();
  try {
    return await grantAccess(admin, options);
  } finally {
    await admin.end();
  }
};

const migrationLock = 7_001_000_002;

const inTurn = async (databaseUrl: string, work: () => Promise<void>): Promise<void> => {
  const turn = new pg.Client({ connectionString: databaseUrl });
  await turn.connect();
  try {
    await turn.query('select pg_advisory_lock($1)', [migrationLock]);
    await work();
  } finally {
    await turn.end();
  }
};
