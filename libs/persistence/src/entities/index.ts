import { Chart, ChartInput, Dashboard } from './dashboards';
import { ApiKey, Membership, Organization, Project } from './identity';
import { Cascade, CascadeItem, DataModel, ModelInput, ModelVersion, Refresh } from './models';
import { AuditEntry, DashboardWatch } from './operations';
import { Connection, DataSource, Stream, SyncReject, SyncRun, SyncRunStream } from './sources';

export * from './dashboards';
export * from './identity';
export * from './models';
export * from './operations';
export * from './sources';

export const entities = [
  Organization, Project, Membership, ApiKey,
  Connection, DataSource, Stream, SyncRun, SyncRunStream, SyncReject,
  DataModel, ModelInput, ModelVersion, Refresh, Cascade, CascadeItem,
  Dashboard, Chart, ChartInput,
  AuditEntry, DashboardWatch,
]; // prettier-ignore
