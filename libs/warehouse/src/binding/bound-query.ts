/** A query whose names stand for physical tables, ready to run; shared by readers, previews and builds. */
import type { RelationRef } from '../gate/parsed-query';

/** What a name stands for. `physical` is quoted and schema-qualified: `"p_1"."m_42_v18"`. */
export interface Target {
  kind: 'table' | 'model';
  id: string;
  physical: string;
}

/** Says what a name stands for at this moment; undefined when there is no such table or model. */
export type Resolve = (ref: Pick<RelationRef, 'name'>) => Target | undefined;

export interface BoundQuery {
  /** One SELECT without a terminator; may be put into `CREATE TABLE … AS`, `SELECT * FROM (…) q` and cursors as it is. */
  text: string;
  /** Ids of the stream tables read, each once, sorted. */
  streams: string[];
  /** Ids of the models read, each once, sorted. */
  models: string[];
  parameterCount: number;
  usesClock: boolean;
  /**
   * PostgreSQL's 1-based position (in code points of `text`) as a 0-based UTF-16 offset into the text the person wrote;
   * undefined when it lies in what binding put in.
   */
  toUserPosition(position: number): number | undefined;
}
