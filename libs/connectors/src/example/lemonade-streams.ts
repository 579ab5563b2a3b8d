/** The streams of Lemonade: sales by days, which it restates for three days, and customers by when they changed. */
import { FreshetError } from '@freshet/contracts';
import { byDays, streamDefaults, type ApiStream } from '../kit/api/api-stream';
import { ask, type CustomersPage, type SalesPage } from './lemonade-api';
import type { LemonadeConfig, LemonadeKey } from './lemonade-connector';

const pageSize = '50';

const changed = (what: string): FreshetError =>
  new FreshetError('source_changed', `Lemonade ${what} while we read.`, {
    action: 'Nothing to do: these days are read again.',
  });

export const sales: ApiStream<LemonadeConfig, LemonadeKey, SalesPage> = {
  ...streamDefaults,
  ...byDays({ days: 1, mostDays: 7 }),
  name: 'sales',
  description: 'One row a sale, with what was sold for how much.',
  key: ['id'],
  cursor: 'day',
  lookbackDays: 3,
  provisionalDays: 3,
  columns: [
    { name: 'id', type: 'bigint' },
    { name: 'day', type: 'date' },
    { name: 'product', type: 'text' },
    { name: 'cups', type: 'bigint' },
    { name: 'amount', type: 'numeric' },
    { name: 'currency', type: 'text' },
  ],
  async *pages({ config, credentials: { key }, slice: { from = '', to = '' } }, context) {
    const ids = new Set<string>();
    for (let page = ''; ;) {
      const query = { shop: config.shop, from, to, limit: pageSize, page };
      const body = await ask<SalesPage>(context, key, '/v1/sales', query);
      // A cache in between may answer with other days or a page we had: only what was counted is whole.
      if (body.sales.some(({ day }) => day < from || day >= to)) throw changed('gave other days');
      for (const { id } of body.sales) ids.add(id);
      yield { body, progress: body.count === 0 ? 1 : Math.min(1, ids.size / body.count) };
      if (body.next === null && ids.size !== body.count) throw changed('counted otherwise');
      if (body.next === null) return;
      page = body.next;
    }
  },
  rows: ({ sales: rows }, { account }) =>
    rows.map((sale) => ({ ...sale, currency: account?.currency ?? null })),
};

const earlier = (a: string, b: string): string => (a < b ? a : b);

export const customers: ApiStream<LemonadeConfig, LemonadeKey, CustomersPage> = {
  ...streamDefaults,
  name: 'customers',
  description: 'One row a customer, as it is now.',
  key: ['id'],
  cursor: 'updated_at',
  columns: [
    { name: 'id', type: 'text' },
    { name: 'name', type: 'text' },
    { name: 'tags', type: 'json' },
    { name: 'updated_at', type: 'timestamp' },
  ],
  async *pages({ config, credentials: { key }, checkpoint }, context) {
    // Oldest first, and those of that very moment again: others may have changed in it since.
    const since = String(checkpoint?.['updatedAt'] ?? '');
    for (let page = ''; ;) {
      const query = { shop: config.shop, since, limit: pageSize, page };
      const body = await ask<CustomersPage>(context, key, '/v1/customers', query);
      const last = body.customers.at(-1)?.updatedAt ?? since;
      const updatedAt = earlier(last, context.now().toISOString());
      yield { body, checkpoint: { updatedAt } };
      if (body.next === null) return;
      page = body.next;
    }
  },
  rows: ({ customers: rows }) =>
    rows.map(({ updatedAt, ...customer }) => ({ ...customer, updated_at: updatedAt })),
};
