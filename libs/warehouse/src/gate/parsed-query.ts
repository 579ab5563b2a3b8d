/** What the gate learns about a person's query, once it is known to be harmless; binding and the result cache work from it. */

/** A half-open range of UTF-16 offsets into the text the person wrote. */
export interface TextRange {
  start: number;
  end: number;
}

/** A table or model named in the query; common table expressions are not among them. */
export interface RelationRef {
  /** `['daily_sessions']` for a model, `['ga_main', 'traffic']` for a stream, as PostgreSQL reads them (folded, unquoted). */
  name: string[];
  /** The name as written, quotes included. */
  range: TextRange;
  /** What has to be replaced when the name is: also `ONLY (…)` and a trailing `*`. */
  site: TextRange;
  /** The alias the person gave it. */
  alias?: string;
  /** Another table or model without alias in the same FROM has the same last name: `FROM a.traffic, b.traffic`. */
  hasNamesake: boolean;
  /** `TABLE name`, which can't take an alias. */
  tableCommand: boolean;
}

/** `traffic.date`, `ga_main.traffic.date` or `ga_main.traffic.*`, and the relation whose name it uses, when that has no alias. */
export interface QualifiedColumnRef {
  /** The part that names the relation: `traffic` or `ga_main.traffic`. */
  range: TextRange;
  /** Index into `relations`. */
  relation: number;
  /** A nearer relation of the same unqualified name would capture the column if the schema were only left out. */
  captured: boolean;
  /** `ga_main.traffic.date` rather than `traffic.date`. */
  withSchema: boolean;
}

export interface ParsedQuery {
  text: string;
  relations: RelationRef[];
  columns: QualifiedColumnRef[];
  /** The outermost WITH: the names it defines, and where another one can be put in front of the first. */
  outerWith?: { names: string[]; insertAt: number };
  /** Names of tables, models, common table expressions and aliases, which a generated name must avoid. */
  takenNames: string[];
  /** Places in the result, from 0, of the columns it is grouped by, when those tell all rows apart; see `groupKeyOf`. */
  groupKey: number[];
  /** The semicolons that end the statement. */
  terminator?: TextRange;
  /** The highest `$n`. */
  parameterCount: number;
  /** Depends on the time of day or on chance, so that the same inputs don't give the same rows. */
  usesClock: boolean;
}
