/** Streams that are small and read whole each time: flows, lists, metrics, forms. */
import { streamDefaults } from '../kit/api/api-stream';
import type { Column } from '../kit/column';
import type { ApiRow } from '../kit/api/api-row';
import type { KlaviyoStream } from './config';
import { ask, endpoints, pagesOf, type Asking, type Document, type Resource } from './klaviyo-api';

interface WholeList {
  name: string;
  description: string;
  /** Beside `id`, in the order of the table. */
  columns: readonly Column[];
  read(asking: Asking, pageCursor: string | undefined): Promise<Document>;
  row(resource: Resource): ApiRow;
}

const wholeList = ({ name, description, columns, read, row }: WholeList): KlaviyoStream<Resource[]> => ({
  ...streamDefaults,
  mode: 'replace-all',
  name,
  description,
  key: ['id'],
  columns: [{ name: 'id', type: 'text' }, ...columns],
  async *pages({ credentials }, context) {
    for await (const { document } of pagesOf((cursor) => read({ credentials, context }, cursor)))
      yield { body: document.data };
  },
  rows: (resources) => resources.map((resource) => ({ id: resource.id, ...row(resource) })),
});

/** Undefined options must not be there at all: the library would send them. */
export const at = (pageCursor: string | undefined): { pageCursor?: string } =>
  pageCursor === undefined ? {} : { pageCursor };

export const flows = wholeList({
  name: 'flows',
  description: 'One row a flow, with its trigger and whether it is live.',
  columns: [
    { name: 'name', type: 'text' },
    { name: 'status', type: 'text' },
    { name: 'archived', type: 'boolean' },
    { name: 'trigger_type', type: 'text' },
    { name: 'created', type: 'timestamp' },
    { name: 'updated', type: 'timestamp' },
  ],
  read: (asking, cursor) =>
    ask(
      asking,
      endpoints.flows,
      (library) => library.FlowsApi,
      (api) => api.getFlows({ sort: 'id', ...at(cursor) }),
    ),
  row: ({ attributes }) => attributes,
});

export const lists = wholeList({
  name: 'lists',
  description: 'One row a list that people are subscribed to.',
  columns: [
    { name: 'name', type: 'text' },
    { name: 'opt_in_process', type: 'text' },
    { name: 'created', type: 'timestamp' },
    { name: 'updated', type: 'timestamp' },
  ],
  read: (asking, cursor) =>
    ask(
      asking,
      endpoints.lists,
      (library) => library.ListsApi,
      (api) => api.getLists({ sort: 'id', ...at(cursor) }),
    ),
  row: ({ attributes }) => attributes,
});

export const readMetrics: WholeList['read'] = (asking, cursor) =>
  ask(
    asking,
    endpoints.metrics,
    (library) => library.MetricsApi,
    (api) => api.getMetrics(at(cursor)),
  );

const integrationOf = ({ attributes }: Resource): { name?: unknown; category?: unknown } =>
  (attributes['integration'] ?? {}) as { name?: unknown; category?: unknown };

export const metrics = wholeList({
  name: 'metrics',
  description: 'One row a kind of event, with the integration it comes from.',
  columns: [
    { name: 'name', type: 'text' },
    { name: 'integration', type: 'text' },
    { name: 'integration_category', type: 'text' },
    { name: 'created', type: 'timestamp' },
    { name: 'updated', type: 'timestamp' },
  ],
  read: readMetrics,
  row: (resource) => {
    const { name, category } = integrationOf(resource);
    return { ...resource.attributes, integration: name, integration_category: category };
  },
});

export const forms = wholeList({
  name: 'forms',
  description: 'One row a sign-up form.',
  columns: [
    { name: 'name', type: 'text' },
    { name: 'status', type: 'text' },
    { name: 'ab_test', type: 'boolean' },
    { name: 'created_at', type: 'timestamp' },
    { name: 'updated_at', type: 'timestamp' },
  ],
  read: (asking, cursor) =>
    ask(
      asking,
      endpoints.forms,
      (library) => library.FormsApi,
      (api) => api.getForms({ pageSize: 100, sort: 'created_at', ...at(cursor) }),
    ),
  row: ({ attributes }) => attributes,
});
