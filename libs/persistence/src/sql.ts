/** How named queries reach PostgreSQL: through a pg connection or inside a MikroORM transaction, all the same to them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';
import type { ClientBase, Pool, QueryResultRow } from 'pg';

/**
 * Runs one statement with $1-style parameters. bigint arrives as string and jsonb parsed; timestamps arrive as Dates from
 * a pg connection but as PostgreSQL's text inside a MikroORM transaction, so a query used from both selects them by `iso()`.
 */
export interface Sql {
  rows<T extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

export const sqlOf = (client: ClientBase | Pool): Sql => ({
  rows: async <T extends QueryResultRow>(text: string, values: readonly unknown[] = []) =>
    (await client.query<T>(text, [...values])).rows,
});

/** SQL that turns a timestamptz into ISO 8601 in UTC. */
export const iso = (expression: string): string =>
  `to_char(${expression} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

/** @param em an entity manager inside a transaction */
export const sqlOfTransaction = (em: EntityManager): Sql => ({
  rows: async <T extends QueryResultRow>(text: string, values: readonly unknown[] = []) => {
    const transaction = em.getTransactionContext();
    if (!transaction) throw new Error('sqlOfTransaction needs an open transaction');
    const { rows } = await (transaction as KyselyTransaction).executeQuery(
      CompiledQuery.raw(text, [...values]),
    );
    return rows as T[];
  },
});

interface KyselyTransaction {
  executeQuery(query: CompiledQuery): Promise<{ rows: unknown[] }>;
}
