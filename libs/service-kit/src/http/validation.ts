/** Checks bodies and queries by the catalogue's schemas, through Nest's Standard Schema pipe, and says what is wrong where. */
import { Body, Injectable, Query, StandardSchemaValidationPipe, type ArgumentMetadata } from '@nestjs/common';
import { FreshetError, routes, type RouteName, type Routes } from '@freshet/contracts';
import { z } from 'zod';

type WithBody = { [N in RouteName]: Routes[N] extends { body: unknown } ? N : never }[RouteName];
type WithQuery = { [N in RouteName]: Routes[N] extends { query: unknown } ? N : never }[RouteName];

/** Handler parameter: the validated body of a route of the catalogue. */
export const RouteBody = (name: WithBody): ParameterDecorator => {
  const { method, body } = routes[name];
  return Body({ schema: method === 'PATCH' ? givenMembers(body) : body });
};
/** Handler parameter: the validated query of a route of the catalogue. */
export const RouteQuery = (name: WithQuery): ParameterDecorator => Query({ schema: routes[name].query });

/**
 * A change is what was sent: members that were left out stay as they are, although the schema, being that of creation
 * made optional, has defaults for them.
 */
const givenMembers = (schema: z.ZodType): z.ZodType =>
  z.unknown().transform((value, context) => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues)
        context.issues.push({ code: 'custom', path, message, input: value });
      return z.NEVER;
    }
    const given = Object.keys(value as object);
    return Object.fromEntries(Object.entries(parsed.data as object).filter(([key]) => given.includes(key)));
  });

@Injectable()
export class InputValidation extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: invalidInput });
  }

  /** No body at all is an empty one, so that calls whose members are all optional need none. */
  override transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    const nothing = metadata.type === 'body' && value === undefined;
    return super.transform(nothing ? ({} as T) : value, metadata);
  }
}

type Issue = { message: string; path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined };

/** `invalid_input` with one entry per issue; a path is dotted, as in `charts.0.title`, and empty for the whole input. */
export function invalidInput(issues: readonly Issue[]): FreshetError {
  const errors = issues.slice(0, 100).map(({ path = [], message }) => ({
    path: path.map((step) => String(typeof step === 'object' ? step.key : step)).join('.'),
    message,
  }));
  const [first] = errors;
  const detail =
    errors.length === 1 && first
      ? [first.path, first.message].filter(Boolean).join(': ')
      : 'Correct the fields named under `errors`.';
  return new FreshetError('invalid_input', detail, { errors });
}
