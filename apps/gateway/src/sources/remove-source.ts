/** Removes a source with its tables, unless somebody reads them. */
import { FreshetError } from '@freshet/contracts';
import {
  DataSource, deleteSource, findReaders, lockForChange, recordAudit, Stream, type EntityManager, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import { principalLabel, type Member } from '@freshet/service-kit';
import { streamTable } from '@freshet/warehouse';
import { notFound } from '../http/id-param';

/** Throws `has_dependents` with the models and dashboards that read its tables, unless confirmed. */
export const removeSource = async (
  em: EntityManager,
  sql: Sql,
  { caller, id, confirmed }: { caller: Member; id: string; confirmed: boolean },
): Promise<void> => {
  await lockForChange(sql, 'data_source', id);
  const source = await em.findOne(DataSource, { id, deletedAt: null });
  if (!source) throw notFound('The source');
  const streams = await em.find(Stream, { sourceId: id, deletedAt: null });
  const readers = await findReaders(sql, 't', streams.map((stream) => stream.id)); // prettier-ignore
  if (!confirmed && readers.models.length + readers.dashboards.length > 0) {
    throw new FreshetError(
      'has_dependents',
      'Models or dashboards read its tables. They would keep their last version and never change again.',
      {
        action: 'Delete it with ?confirm=true if that is what you want.',
        extra: {
          dependents: readers,
          tables: streams.map(({ name, rowCount }) => ({ table: `${source.slug}.${name}`, rowCount })),
        },
      },
    );
  }
  const tables = streams
    .filter(({ generation }) => generation > 0)
    .map((stream) => streamTable(stream.id, stream.generation));
  const { organizationId, projectId, name } = source;
  await recordAudit(sql, {
    organizationId, projectId, principal: principalLabel(caller), action: 'delete', subjectKind: 'source', subjectId: id,
    details: { source: name, dependents: readers },
  }); // prettier-ignore
  await deleteSource(sql, { id, projectId, organizationId, tables });
};
