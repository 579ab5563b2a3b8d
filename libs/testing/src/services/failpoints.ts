/**
 * Makes something happen at named places of a service that runs as its own process, e.g. `load.before-commit`.
 * The service reads `FRESHET_FAILPOINTS` (`name=action@nth`, separated by `;`) and `FRESHET_FAILPOINT_FOLDER`.
 */
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';

import { testRunFolder } from '../processes/test-run';
import { waitFor, type WaitOptions } from '../timing/wait-for';

/**
 * `kill`: the process ends by SIGKILL. `throw`: an Error is thrown. `hold`: the process writes `<name>.reached` into
 * the folder and goes on once `<name>.released` is there.
 */
export type FailpointAction = 'kill' | 'throw' | 'hold';

export class Failpoints {
  private readonly armed = new Map<string, string>();
  private readonly folder = mkdtempSync(path.join(testRunFolder(), 'failpoints-'));

  /** Arms a failpoint for its nth hit, counted from 1 in each process. */
  arm(name: string, action: FailpointAction, nth = 1): this {
    this.armed.set(name, `${name}=${action}@${nth}`);
    return this;
  }

  disarm(name: string): this {
    this.armed.delete(name);
    return this;
  }

  /** What the service has to be started with. */
  get env(): { FRESHET_FAILPOINTS: string; FRESHET_FAILPOINT_FOLDER: string } {
    return { FRESHET_FAILPOINTS: [...this.armed.values()].join(';'), FRESHET_FAILPOINT_FOLDER: this.folder };
  }

  /** Waits until a process is held at the failpoint. */
  async reached(name: string, options: WaitOptions = {}): Promise<void> {
    await waitFor(() => existsSync(this.file(name, 'reached')), { what: `failpoint ${name}`, ...options });
  }

  /** Lets a process that is held at the failpoint, or will be, go on. */
  release(name: string): void {
    writeFileSync(this.file(name, 'released'), '');
  }

  private file(name: string, state: 'reached' | 'released'): string {
    return path.join(this.folder, `${name}.${state}`);
  }
}
