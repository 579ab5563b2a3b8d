/**
 * Writes the variable by which a service that runs as its own process is killed, failed or slowed at named places,
 * e.g. `load.before-commit`; the service has to run with `NODE_ENV=test`.
 */

/** `kill` ends the process by SIGKILL, `throw` throws, `{delay}` waits that many milliseconds. */
export type FailpointAction = 'kill' | 'throw' | { delay: number };

export class Failpoints {
  private readonly armed = new Map<string, string>();

  /** Arms a failpoint from its nth visit on, counted from 1 in each process; `kill` and `throw` strike once. */
  arm(name: string, action: FailpointAction, nth = 1): this {
    const what = typeof action === 'object' ? `delay:${action.delay}` : action;
    this.armed.set(name, `${name}=${what}@${nth}`);
    return this;
  }

  disarm(name: string): this {
    this.armed.delete(name);
    return this;
  }

  /** What the service has to be started with; after `disarm`, what it has to be restarted with. */
  get env(): { NODE_ENV: 'test'; FRESHET_FAILPOINTS: string } {
    return { NODE_ENV: 'test', FRESHET_FAILPOINTS: [...this.armed.values()].join(',') };
  }
}
