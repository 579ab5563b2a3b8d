/** Whoever reads a project's events sees each of them, in order, and each publication among them. */
import { defaults } from '@freshet/contracts';
import { at, epoch, listed, modelNamed, violated, type Finding, type Invariant } from '../invariant';

interface Sequence {
  /** The place of the project's latest event. */
  seq: number;
  first: number | null;
  last: number | null;
  stored: number;
  createdAt: number;
  [column: string]: unknown;
}

const sequence = /* sql */ `
select p.seq::float8 as seq, min(e.seq)::float8 as first, max(e.seq)::float8 as last, count(e.seq)::float8 as stored,
  ${epoch('p.created_at')} as "createdAt"
from app.project p left join app.event e on e.project_id = p.id where p.id = $1 group by p.id`;

const gaps = /* sql */ `
select "after"::text, seq::text from (
  select lag(e.seq) over (order by e.seq) as "after", e.seq from app.event e where e.project_id = $1) steps
where seq > "after" + 1 order by seq limit 20`;

/** Publications within the kept events that no event tells of; both are of one transaction. */
const untold = /* sql */ `
with told as (
  select e.payload ->> 'modelId' as model_id, (e.payload ->> 'version')::int as version, e.at
  from app.event e where e.project_id = $1 and e.name = 'model:published')
select p.version, p.model_id as "modelId", m.name as model, ${epoch('p.at')} as "publishedAt"
from app.model_publication p join app.data_model m on m.id = p.model_id
where p.project_id = $1
  and p.at > greatest(to_timestamp($2::float8 / 1000), (select min(e.at) from app.event e where e.project_id = $1))
  and not exists (
    select from told t where t.model_id = p.model_id::text and t.version = p.version
      and t.at between p.at - interval '1 minute' and p.at + interval '10 minutes')
order by p.id limit 50`;

const faultsOfSequence = (
  projectId: string,
  { seq, first, last, stored, createdAt }: Sequence,
  now: number,
): Finding[] => {
  const isYoung = now - createdAt < defaults.retention.historyDays * 86_400_000;
  if (last === null) {
    if (seq === 0 || !isYoung) return [];
    return [
      violated(
        `Project ${projectId} has counted ${seq} events and keeps none of them. Look at who deleted from app.event.`,
      ),
    ];
  }
  const findings: Finding[] = [];
  if (last !== seq) {
    findings.push(
      violated(
        `The latest event of project ${projectId} is number ${last}, but the project has counted to ${seq}. ` +
          'Look at who wrote app.project.seq or deleted from app.event: clients compare these numbers to notice what they missed.',
      ),
    );
  }
  if (first !== null && first > 1 && isYoung && stored > 0) {
    findings.push(
      violated(
        `The events of project ${projectId} begin at number ${first}, though it is younger than events are kept. ` +
          'Look at who deleted from app.event.',
      ),
    );
  }
  return findings;
};

export const eventsComplete: Invariant = {
  name: 'events-complete',
  says: 'A project’s events have no gap, and each published version is among them.',
  scope: 'project',
  check: async ({ sql, projectId, now, since }) => {
    const [row] = await sql.rows<Sequence>(sequence, [projectId]);
    if (!row) return { checked: 0, findings: [] };
    const missing = await sql.rows<{ after: string; seq: string }>(gaps, [projectId]);
    const silent = await sql.rows<{ version: number; modelId: string; model: string; publishedAt: number }>(
      untold,
      [projectId, since],
    );
    return {
      checked: row.stored,
      findings: [
        ...faultsOfSequence(projectId, row, now),
        ...(missing.length
          ? [
              violated(
                `Events of project ${projectId} are missing: after number ${listed(missing.map(({ after, seq }) => `${after} comes ${seq}`))}. ` +
                  'Look at who deleted from app.event.',
              ),
            ]
          : []),
        ...silent.map((publication) =>
          violated(
            `Version ${publication.version} of ${modelNamed(publication)} was published at ${at(publication.publishedAt)}, and no event ` +
              'says so: open dashboards were not told. Look at what else its transaction wrote.',
          ),
        ),
      ],
    };
  },
};
