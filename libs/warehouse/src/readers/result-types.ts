/** What PostgreSQL calls the types of a result's columns, and how to read them; asked once per type. */
import type { ClientBase, FieldDef } from 'pg';

import { decoderOf, isJson, type Decode } from './decode-values';

export interface ResultType {
  /** `bigint`, `numeric(10,2)`, `text[]`. */
  name: string;
  decode: Decode;
  /** JSON or an array: one text becomes many values. */
  isStructured: boolean;
}

/** Types of one database. */
export class ResultTypes {
  private readonly byKey = new Map<string, ResultType>();

  /** In the order of `fields`; undefined when one has not been met before. */
  known(fields: readonly FieldDef[]): ResultType[] | undefined {
    const types = fields.flatMap((field) => this.byKey.get(key(field)) ?? []);
    return types.length === fields.length ? types : undefined;
  }

  /** In the order of `fields`; at most one query, as `client`, within whatever transaction it is in. */
  async of(client: ClientBase, fields: readonly FieldDef[]): Promise<ResultType[]> {
    const missing = fields.filter((field) => !this.byKey.has(key(field)));
    if (missing.length > 0) await this.learn(client, missing);
    return fields.map(
      (field) =>
        this.byKey.get(key(field)) ?? {
          name: 'unknown',
          decode: decoderOf(field.dataTypeID),
          isStructured: isJson(field.dataTypeID),
        },
    );
  }

  private async learn(client: ClientBase, fields: readonly FieldDef[]): Promise<void> {
    const { rows } = await client.query<{
      oid: string;
      typmod: string;
      name: string;
      element: string | null;
    }>({
      text: `SELECT asked.oid::text, asked.typmod::text, format_type(asked.oid, asked.typmod) AS name,
                    CASE WHEN t.typcategory = 'A' AND t.typlen = -1 AND t.typdelim = ',' AND t.typname LIKE '\\_%'
                         THEN t.typelem::text END AS element
               FROM unnest($1::oid[], $2::int4[]) AS asked(oid, typmod)
               JOIN pg_catalog.pg_type AS t ON t.oid = asked.oid`,
      values: [fields.map((field) => field.dataTypeID), fields.map((field) => field.dataTypeModifier)],
    });
    for (const { oid, typmod, name, element } of rows)
      this.byKey.set(`${oid}:${typmod}`, {
        name,
        decode: decoderOf(Number(oid), element === null ? undefined : Number(element)),
        isStructured: element !== null || isJson(Number(oid)),
      });
  }
}

const key = (field: FieldDef): string => `${field.dataTypeID}:${field.dataTypeModifier}`;
