/** Klaviyo's page cursors: opaque, bound to the query they came from, and forgotten after a while. */
import { badParameter } from './errors';

export interface Position {
  /** The value and id of the last resource of the page before. */
  value: string | number | boolean | null;
  id: string;
}

export interface PageCursors {
  write(query: string, position: Position): string;
  /** Throws a refusal when it is malformed, expired or of another query. */
  read(query: string, cursor: string): Position;
  /** Cursors handed out so far are not taken any more. */
  expire(): void;
}

const lifetime = 12 * 3_600_000;

export const pageCursors = (now: () => Date): PageCursors => {
  let generation = 0;
  return {
    write: (query, position) =>
      Buffer.from(JSON.stringify({ ...position, query, generation, at: now().getTime() })).toString(
        'base64url',
      ),
    read(query, cursor) {
      const refuse = (): Error =>
        badParameter('page[cursor]', 'Invalid page cursor provided: it is malformed or has expired.');
      let found: Position & { query: string; generation: number; at: number };
      try {
        found = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as typeof found;
      } catch {
        throw refuse();
      }
      const isOld = found.generation !== generation || found.at < now().getTime() - lifetime;
      if (isOld || found.query !== query) throw refuse();
      return { value: found.value, id: found.id };
    },
    expire: () => void (generation += 1),
  };
};
