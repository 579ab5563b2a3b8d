/** How many processes stand ready to refresh. */
import { Inject, Injectable } from '@nestjs/common';
import { Bus } from '@freshet/bus';

@Injectable()
export class QueueWatch {
  constructor(@Inject(Bus) private readonly bus: Bus) {}

  /** Workers of the cascade queue; 0 also when Redis is not reachable, since then none can be woken. */
  async workers(): Promise<number> {
    try {
      return await this.bus.queue('cascade').getWorkersCount();
    } catch {
      return 0;
    }
  }
}
