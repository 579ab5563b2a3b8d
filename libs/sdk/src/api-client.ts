/** The REST API as another service uses it: by key, every call typed by the catalogue it is validated with. */
import {
  routes,
  type BodyOf,
  type Problem,
  type ResponseOf,
  type Route,
  type RouteName,
} from '@freshet/contracts';

export interface CallOptions<N extends RouteName> {
  /** Values of the path's `:name` parts. */
  params?: Record<string, string>;
  query?: Record<string, string | number | boolean | undefined>;
  body?: BodyOf<N>;
  /** The revision a change is based on; the call fails with 412 when it is no longer the current one. */
  ifMatch?: number;
}

/** An answer that is no success, with the problem document it came with. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
    call: string,
  ) {
    super(`${call} answered ${status}: ${problem.detail ?? problem.title ?? 'no reason given'}`);
  }

  get code(): string | undefined {
    return this.problem.code;
  }
}

export class ApiClient {
  private readonly headers: Record<string, string>;

  /** @param access an API key, or the `Cookie` header of a session */
  constructor(
    readonly url: string,
    access: { apiKey: string } | { cookie: string } | null,
  ) {
    const credential: Record<string, string> = !access
      ? {}
      : 'apiKey' in access
        ? { authorization: `Bearer ${access.apiKey}` }
        : { cookie: access.cookie, origin: url };
    this.headers = { 'content-type': 'application/json', ...credential };
  }

  /** Throws ApiError when the answer is not a success. */
  async call<N extends RouteName>(name: N, options: CallOptions<N> = {}): Promise<ResponseOf<N>> {
    const answer = await this.send(name, options);
    const text = await answer.text();
    const content = text ? (JSON.parse(text) as unknown) : undefined;
    if (!answer.ok) throw new ApiError(answer.status, (content ?? {}) as Partial<Problem>, name);
    return content as ResponseOf<N>;
  }

  /** The answer as it is, whatever its status. */
  send<N extends RouteName>(
    name: N,
    { params = {}, query = {}, body, ifMatch }: CallOptions<N> = {},
  ): Promise<Response> {
    const route: Route = routes[name];
    const path = route.path.replaceAll(/:(\w+)/g, (_, part: string) =>
      encodeURIComponent(params[part] ?? ''),
    );
    const search = new URLSearchParams();
    for (const [key, value] of Object.entries(query)) if (value !== undefined) search.set(key, String(value));
    return fetch(`${this.url}${path}${search.size ? `?${search}` : ''}`, {
      method: route.method,
      headers: { ...this.headers, ...(ifMatch !== undefined && { 'if-match': `"${ifMatch}"` }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }
}
