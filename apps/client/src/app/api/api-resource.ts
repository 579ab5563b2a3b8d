/** Reads of the REST API as signals: what was read last stays on the page while it is read anew, and live events make it read anew. */
import { httpResource } from '@angular/common/http';
import { computed, effect, linkedSignal, signal, untracked } from '@angular/core';
import type { Signal } from '@angular/core';
import type { ResponseOf } from '@freshet/contracts';
import { definedOnly } from './api';
import type { Query } from './api';
import { toApiProblem } from './api-problem';
import type { ApiProblem } from './api-problem';
import { target } from './calls';
import type { CallName, ParamsOf } from './calls';

export interface ApiResource<T> {
  /** What was read last for the present request; undefined before that. */
  readonly value: Signal<T | undefined>;
  /** Nothing to show yet: time for a skeleton. */
  readonly loading: Signal<boolean>;
  /** Why the last read failed; a value from before may still be there. */
  readonly problem: Signal<ApiProblem | null>;
  /** Reads anew; once more if a read is already under way, since that one may be too old. */
  reload(): void;
  /** Puts a value in place, for instance the answer to a change. */
  set(value: T): void;
}

export interface ReadRequest<N extends CallName> {
  params: ParamsOf<N>;
  query?: Query;
}

/** `request` returns undefined while there is nothing to read. Each change of `reloadOn` reads anew. Needs an injection context. */
export const apiResource = <N extends CallName>(
  name: N,
  request: () => ReadRequest<N> | undefined,
  reloadOn?: () => unknown,
): ApiResource<ResponseOf<N>> => {
  const target$ = computed(
    () => {
      const wanted = request();
      return wanted && { ...target(name, wanted.params), params: definedOnly(wanted.query) };
    },
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  const http = httpResource<ResponseOf<N>>(() => target$());
  const again = signal(false);

  const kept = linkedSignal<
    { key: unknown; value: ResponseOf<N> | undefined },
    { key: unknown; value: ResponseOf<N> | undefined }
  >({
    source: () => ({ key: target$(), value: http.hasValue() ? http.value() : undefined }),
    computation: (now, before) => {
      if (now.value !== undefined) return now;
      return { key: now.key, value: before?.value.key === now.key ? before?.value.value : undefined };
    },
  });

  const reload = (): void => {
    if (untracked(http.isLoading)) again.set(true);
    else http.reload();
  };

  // Kept also while nobody looks: a computation that is not read would miss the value between two readings.
  effect(() => void kept());
  effect(() => {
    if (http.isLoading() || !again()) return;
    again.set(false);
    http.reload();
  });
  if (reloadOn) {
    let first = true;
    effect(() => {
      reloadOn();
      if (!first) untracked(reload);
      first = false;
    });
  }

  const value = computed(() => kept().value);
  const problem = computed(() => {
    const error = http.error();
    return error ? toApiProblem(error) : null;
  });
  return {
    value,
    problem,
    loading: computed(() => value() === undefined && problem() === null),
    reload,
    set: (next) => http.set(next),
  };
};
