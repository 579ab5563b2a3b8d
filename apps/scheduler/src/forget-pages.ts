/** Forgets vendors' archived answers when their time is over (spec SY5), a few at a time, so that nobody waits for it. */
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { defaults } from '@freshet/contracts';
import { ControlPlane, forgetOldPages } from '@freshet/persistence';
import { LOG, type Log } from '@freshet/service-kit';
import { oneAtATime } from './one-at-a-time';

const every = 10 * 60_000;
const atOnce = 500;

@Injectable()
export class ForgetPages {
  private readonly round: () => Promise<void>;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LOG) log: Log,
  ) {
    this.round = oneAtATime(log, 'Forgetting archived answers', () => this.forget());
  }

  @Interval(every)
  tick(): Promise<void> {
    return this.round();
  }

  async forget(): Promise<void> {
    const { rawArchiveDays } = defaults.retention;
    while ((await forgetOldPages(this.plane.system, rawArchiveDays, atOnce)) === atOnce);
  }
}
