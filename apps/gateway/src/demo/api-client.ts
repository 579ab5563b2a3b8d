/** The REST API as any other service uses it: by key, typed by the catalogue. */
import { routes, type BodyOf, type ResponseOf, type Route, type RouteName } from '@freshet/contracts';

export interface CallOptions<N extends RouteName> {
  params?: Record<string, string>;
  body?: BodyOf<N>;
}

export class ApiClient {
  constructor(
    private readonly url: string,
    private readonly apiKey: string,
  ) {}

  /** Throws an Error with the problem's detail when the answer is not a success. */
  async call<N extends RouteName>(
    name: N,
    { params = {}, body }: CallOptions<N> = {},
  ): Promise<ResponseOf<N>> {
    const route: Route = routes[name];
    const path = route.path.replaceAll(/:(\w+)/g, (_, param: string) =>
      encodeURIComponent(params[param] ?? ''),
    );
    const answer = await fetch(this.url + path, {
      method: route.method,
      headers: { authorization: `Bearer ${this.apiKey}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${route.method} ${path} answered ${answer.status}: ${text}`);
    return (text ? JSON.parse(text) : undefined) as ResponseOf<N>;
  }
}
