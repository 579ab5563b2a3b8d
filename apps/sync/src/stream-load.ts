/** What a run reads with, and one stream of it: handed from step to step. */
import type { Account, Connector, ConnectorContext, StreamSpec } from '@freshet/connectors';
import type { ClaimedRun, RunStream } from '@freshet/persistence';
import type { PageArchive } from './page-archive';
import type { RunLease } from './run-lease';
import type { RunTally } from './run-tally';

export interface SourceReading {
  run: ClaimedRun;
  connector: Connector;
  config: unknown;
  /** As the connector parsed them; null when it needs none. */
  credentials: unknown;
  /** Null where days and money have no home. */
  account: Account | null;
  context: ConnectorContext;
  archive: PageArchive;
  tally: RunTally;
  lease: RunLease;
}

export interface StreamLoad extends SourceReading {
  /** Its columns and checkpoint are those of the last commit. */
  stream: RunStream;
  spec: StreamSpec;
}

/** Each run of such a stream brings only what is new since the last one. */
export const isIncremental = ({ isLocal }: Connector, { slicing, cursor, mode }: StreamSpec): boolean =>
  !isLocal && slicing === null && cursor !== null && (mode === 'upsert' || mode === 'append');
