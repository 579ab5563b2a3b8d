/** A list that grows at its top by live events and at its end by "load more", newest first. */
import { computed, linkedSignal, signal, untracked } from '@angular/core';
import type { Signal } from '@angular/core';
import type { ResponseOf } from '@freshet/contracts';
import { inject } from '@angular/core';
import { Api } from './api';
import { toApiProblem } from './api-problem';
import type { ApiProblem } from './api-problem';
import { apiResource } from './api-resource';
import type { ReadRequest } from './api-resource';
import type { CallName, ParamsOf } from './calls';

interface Page<T> {
  items: T[];
  nextCursor: string | null;
}

type PagedCall = { [N in CallName]: ResponseOf<N> extends Page<{ id: string }> ? N : never }[CallName];
type ItemOf<N extends PagedCall> = ResponseOf<N> extends Page<infer T extends { id: string }> ? T : never;

export interface PagedResource<T> {
  readonly items: Signal<readonly T[] | undefined>;
  readonly loading: Signal<boolean>;
  readonly problem: Signal<ApiProblem | null>;
  /** Whether there are older ones. */
  readonly hasMore: Signal<boolean>;
  readonly loadingMore: Signal<boolean>;
  more(): Promise<void>;
  reload(): void;
}

interface Known<T> {
  request: string;
  items: readonly T[];
  cursor: string | null;
}

/** What was known, below a newer first page. Without a common item there may be a gap in between: then only the page counts. */
export const below = <T extends { id: string }>(
  page: Page<T>,
  known: Omit<Known<T>, 'request'>,
): Omit<Known<T>, 'request'> => {
  const ids = new Set(page.items.map((item) => item.id));
  const meets = known.items.some((item) => ids.has(item.id));
  const older = meets ? known.items.filter((item) => !ids.has(item.id)) : [];
  return { items: [...page.items, ...older], cursor: older.length > 0 ? known.cursor : page.nextCursor };
};

/** Pages of `limit`; each change of `reloadOn` reads the first page anew. Needs an injection context. */
export const pagedResource = <N extends PagedCall>(
  name: N,
  request: () => { params: ParamsOf<N> } | undefined,
  options: { limit: number; reloadOn?: () => unknown },
): PagedResource<ItemOf<N>> => {
  type T = ItemOf<N>;
  const api = inject(Api);
  const { limit } = options;
  const first = apiResource(
    name,
    () => {
      const wanted = request();
      return wanted && ({ ...wanted, query: { limit } } as ReadRequest<N>);
    },
    options.reloadOn,
  );
  const key = computed(() => JSON.stringify(request()));
  const known = linkedSignal<{ request: string; page: Page<T> | undefined }, Known<T> | undefined>({
    source: () => ({ request: key(), page: first.value() as Page<T> | undefined }),
    computation: ({ request: now, page }, before) => {
      const kept = before?.value?.request === now ? before.value : undefined;
      if (!page) return kept;
      return kept
        ? { request: now, ...below(page, kept) }
        : { request: now, items: page.items, cursor: page.nextCursor };
    },
  });
  const loadingMore = signal(false);
  const moreProblem = signal<ApiProblem | null>(null);

  const more = async (): Promise<void> => {
    const [at, wanted] = [untracked(known), untracked(request)];
    if (!at?.cursor || !wanted || untracked(loadingMore)) return;
    loadingMore.set(true);
    moreProblem.set(null);
    try {
      const call = api.call as (name: string, options: object) => Promise<unknown>;
      const page = (await call.call(api, name, { ...wanted, query: { limit, after: at.cursor } })) as Page<T>;
      known.update((now) => {
        if (now?.request !== at.request) return now;
        const ids = new Set(now.items.map((item) => item.id));
        return {
          request: now.request,
          items: [...now.items, ...page.items.filter((item) => !ids.has(item.id))],
          cursor: page.nextCursor,
        };
      });
    } catch (error) {
      moreProblem.set(toApiProblem(error));
    } finally {
      loadingMore.set(false);
    }
  };

  return {
    items: computed(() => known()?.items),
    loading: first.loading,
    problem: computed(() => moreProblem() ?? first.problem()),
    hasMore: computed(() => Boolean(known()?.cursor)),
    loadingMore: loadingMore.asReadonly(),
    more,
    reload: first.reload,
  };
};
