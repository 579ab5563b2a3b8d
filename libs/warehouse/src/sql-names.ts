/** Quoting of identifiers and literals; every name that reaches SQL text goes through here. */
import pg from 'pg';

export const escapeIdentifier = (name: string): string => pg.escapeIdentifier(name);
export const escapeLiteral = (text: string): string => pg.escapeLiteral(text);

/** `"a", "b"`, each with the prefix: `s."a", s."b"`. */
export const columnList = (names: readonly string[], prefix = ''): string =>
  names.map((name) => prefix + escapeIdentifier(name)).join(', ');
