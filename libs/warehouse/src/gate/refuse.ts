/** Refusing a query: one sentence and the place in the text. */
import { FreshetError } from '@freshet/contracts';

export class Refusal extends Error {
  constructor(
    message: string,
    /** In bytes, as the parser counts. */
    readonly byteOffset?: number,
  ) {
    super(message);
  }
}

/** `position` is a 0-based UTF-16 offset into the text the person wrote. */
export const sqlRefused = (message: string, position?: number): FreshetError =>
  new FreshetError('sql_refused', message, position === undefined ? {} : { position });
