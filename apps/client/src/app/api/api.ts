/** Calls the REST API, typed by the catalogue in the contracts; every failure is an ApiProblem. */
import { HttpClient } from '@angular/common/http';
import { Injectable, inject } from '@angular/core';
import type { BodyOf, ResponseOf } from '@freshet/contracts';
import { firstValueFrom } from 'rxjs';
import { toApiProblem } from './api-problem';
import { target } from './calls';
import type { CallName, ParamsOf } from './calls';

export type Query = Record<string, string | number | boolean | undefined>;

type Given<K extends string, T> = [T] extends [undefined] ? unknown : { [P in K]: T };
export type CallOptions<N extends CallName> = ([keyof ParamsOf<N>] extends [never]
  ? unknown
  : { params: ParamsOf<N> }) &
  Given<'body', BodyOf<N>> & {
    query?: Query;
    /** The `revision` the change is based on. */
    ifMatch?: number;
    /** The same key on a retry makes it one request (POST). */
    idempotencyKey?: string;
  };

interface AnyOptions {
  params?: Record<string, string>;
  body?: unknown;
  query?: Query;
  ifMatch?: number;
  idempotencyKey?: string;
}

/** Options may be left out when none are required. */
type Arguments<N extends CallName> =
  unknown extends CallOptions<N>
    ? [options?: CallOptions<N>]
    : Record<never, never> extends CallOptions<N>
      ? [options?: CallOptions<N>]
      : [options: CallOptions<N>];

export const definedOnly = (query: Query = {}): Record<string, string | number | boolean> =>
  Object.fromEntries(
    Object.entries(query).filter(
      (entry): entry is [string, string | number | boolean] => entry[1] !== undefined,
    ),
  );

@Injectable({ providedIn: 'root' })
export class Api {
  readonly #http = inject(HttpClient);

  /** Rejects with an ApiProblem. */
  async call<N extends CallName>(name: N, ...[given]: Arguments<N>): Promise<ResponseOf<N>> {
    const options: AnyOptions = given ?? {};
    const { method, url } = target(name, (options.params ?? {}) as ParamsOf<N>);
    const headers: Record<string, string> = {};
    if (options.ifMatch !== undefined) headers['If-Match'] = String(options.ifMatch);
    if (options.idempotencyKey !== undefined) headers['Idempotency-Key'] = options.idempotencyKey;
    try {
      return await firstValueFrom(
        this.#http.request<ResponseOf<N>>(method, url, {
          body: options.body,
          params: definedOnly(options.query),
          headers,
        }),
      );
    } catch (error) {
      throw toApiProblem(error);
    }
  }
}
