/** Large statements that run often are planned once for each connection. */
import pg from 'pg';

const names = new Map<string, string>();

/**
 * Marks a statement whose planning costs more than its run: what the dispatcher decides from takes 1.8 ms to plan and 0.3 ms to read. Only
 * for a text that never changes, as each connection keeps its plan for as long as it lives.
 */
export const prepared = (text: string): string => {
  names.set(text, `freshet_${names.size + 1}`);
  return text;
};

/** For the pools of the control plane. MikroORM passes on only a text and its values, so a statement is known by its text. */
export class PreparingClient extends pg.Client {
  /** The parameters and results of every overload there is: bivariance admits nothing narrower. */
  override query(...args: never[]): never {
    const [text, ...rest] = args as unknown as [string, unknown[]];
    const name = names.get(text);
    const query = super.query.bind(this) as (...args: unknown[]) => unknown;
    return (name ? query({ name, text }, ...rest) : query(text, ...rest)) as never;
  }
}
