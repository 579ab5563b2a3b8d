/** Ids in paths: what can't be an id is not found, rather than an error of the database. */
import { Param } from '@nestjs/common';
import { FreshetError } from '@freshet/contracts';

export const isId = (text: string): boolean => /^[1-9]\d{0,17}$/.test(text);

/** Throws `not_found` for a text that no id looks like. */
export function requireId(text: string): string {
  if (!isId(text)) throw notFound();
  return text;
}

/** The one answer for what does not exist and for what is another organization's. */
export const notFound = (what = 'This'): FreshetError =>
  new FreshetError('not_found', `${what} does not exist, or not in this organization.`);

/** Handler parameter: an id of the path. */
export const Id = (name = 'id'): ParameterDecorator => Param(name, { transform: requireId });
