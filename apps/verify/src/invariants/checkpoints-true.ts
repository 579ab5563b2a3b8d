/** A stream's checkpoint, revision and row count say what its table holds: rows and their books were committed together. */
import { projectSchema, streamTable } from '@freshet/warehouse';
import type { ClientBase } from 'pg';
import { inSavepoint } from '../in-savepoint';
import { listed, violated, type Finding, type Invariant } from '../invariant';

export interface StreamBooks {
  id: string;
  name: string;
  generation: number;
  revision: number;
  hasCheckpoint: boolean;
  rowCount: number;
}

/** What one run did to one stream. */
export interface RunOfStream {
  runId: string;
  streamId: string;
  runStatus: string;
  fromRevision: number;
  toRevision: number;
  inserted: number;
  deleted: number;
  ended: boolean;
  /** It makes room for other runs between its slices, so that theirs lie within its revisions. */
  givesWay?: boolean;
}

const streams = /* sql */ `
select s.id, d.slug || '.' || s.name as name, s.generation, s.revision::float8 as revision, s.checkpoint is not null as "hasCheckpoint",
  s.row_count::float8 as "rowCount"
from app.stream s join app.data_source d on d.id = s.source_id
where s.project_id = $1 and s.deleted_at is null order by s.id`;

const runs = /* sql */ `
select x.run_id as "runId", x.stream_id as "streamId", r.status as "runStatus", x.from_revision::float8 as "fromRevision",
  x.to_revision::float8 as "toRevision", x.inserted::float8 as inserted, x.deleted::float8 as deleted,
  x.completed_at is not null as ended, r.request ? 'window' as "givesWay"
from app.sync_run_stream x join app.sync_run r on r.id = x.run_id join app.stream s on s.id = x.stream_id
where r.project_id = $1 and s.deleted_at is null
order by x.stream_id, x.to_revision, x.from_revision, x.run_id`;

const named = ({ id, name }: StreamBooks): string => `stream ${id} (${name})`;

const madeRoom = (runs: readonly RunOfStream[], a: number, b: number): boolean =>
  runs.some(
    ({ givesWay, fromRevision, toRevision }) =>
      givesWay && fromRevision <= Math.min(a, b) && Math.max(a, b) <= toRevision,
  );

/** @param ofStream in the order of their revisions */
export const findWrongBooks = (stream: StreamBooks, ofStream: readonly RunOfStream[]): Finding[] => {
  const findings: Finding[] = [];
  if (stream.generation === 0 && (stream.hasCheckpoint || stream.revision > 0)) {
    findings.push(
      violated(
        `The checkpoint of ${named(stream)} is ahead of its rows: it has no table, yet revision ${stream.revision}` +
          `${stream.hasCheckpoint ? ' and a checkpoint' : ''}. Sync it in full.`,
      ),
    );
  }
  let revision = ofStream[0]?.fromRevision ?? stream.revision;
  for (const run of ofStream) {
    if (run.fromRevision !== revision && !madeRoom(ofStream, run.fromRevision, revision)) {
      findings.push(
        violated(
          `Sync run ${run.runId} moved ${named(stream)} from revision ${run.fromRevision}, but the run before had left it at ${revision}. ` +
            'Look at whether two runs wrote it at once.',
        ),
      );
    }
    revision = run.toRevision;
  }
  if (ofStream.length && revision !== stream.revision) {
    findings.push(
      violated(
        `The latest sync run (${ofStream.at(-1)?.runId}) left ${named(stream)} at revision ${revision}, and it is at ${stream.revision}. ` +
          'Look at who wrote app.stream, or deleted runs.',
      ),
    );
  }
  const open = ofStream.filter(
    ({ ended, runStatus }) => !ended && ['completed', 'failed'].includes(runStatus),
  );
  if (open.length) {
    findings.push(
      violated(
        `Sync runs ${listed(open.map(({ runId }) => runId))} ended, but their part in ${named(stream)} did not. ` +
          'Look at app.sync_run_stream.',
      ),
    );
  }
  const isWhole = ofStream[0]?.fromRevision === 0;
  const sum = ofStream.reduce((rows, run) => rows + run.inserted - run.deleted, 0);
  if (isWhole && sum !== stream.rowCount) {
    findings.push(
      violated(
        `The runs of ${named(stream)} inserted and deleted rows to a sum of ${sum}, but it is recorded with ${stream.rowCount}. ` +
          'Look at who wrote app.stream.row_count.',
      ),
    );
  }
  return findings;
};

const countRows = async (scan: ClientBase, projectId: string, stream: StreamBooks): Promise<Finding[]> => {
  const table = `${projectSchema(projectId)}.${streamTable(stream.id, stream.generation)}`;
  const { rows } = await scan.query<{ n: string }>(`select count(*) as n from ${table}`);
  const found = Number(rows[0]?.n);
  if (found === stream.rowCount) return [];
  return [
    violated(
      `Table ${table} of ${named(stream)} holds ${found} rows, but ${stream.rowCount} are recorded with its checkpoint. ` +
        'Look at who wrote the table besides sync; a full sync puts it right.',
    ),
  ];
};

export const checkpointsTrue: Invariant = {
  name: 'checkpoints-true',
  says: 'Revision, checkpoint and row count of each stream say what its table holds.',
  scope: 'project',
  check: async ({ sql, projectId, scan, scanTimeout }) => {
    const books = await sql.rows<StreamBooks & Record<string, unknown>>(streams, [projectId]);
    const ofStreams = Object.groupBy(
      await sql.rows<RunOfStream & Record<string, unknown>>(runs, [projectId]),
      ({ streamId }) => streamId,
    );
    const findings = books.flatMap((stream) => findWrongBooks(stream, ofStreams[stream.id] ?? []));
    const failures: string[] = [];
    for (const stream of books) {
      if (!scan || stream.generation === 0) continue;
      await inSavepoint(scan, scanTimeout, () => countRows(scan, projectId, stream)).then(
        (found) => findings.push(...found),
        (error: Error) =>
          failures.push(`The rows of ${named(stream)} could not be counted: ${error.message}`),
      );
    }
    return {
      checked: books.length,
      findings,
      failures,
      notes: scan || !books.length ? [] : ['Rows were not counted (--no-recompute).'],
    };
  },
};
