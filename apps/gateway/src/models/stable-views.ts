/** Lets the views that outside tools read follow what people decide: another version, another name, no view any more. */
import { Inject, Injectable } from '@nestjs/common';
import { ControlPlane, lockShownVersion } from '@freshet/persistence';
import { LOG, type Log } from '@freshet/service-kit';
import { dropStableView, moveStableView } from '@freshet/warehouse';

@Injectable()
export class StableViews {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LOG) private readonly log: Log,
  ) {}

  /**
   * After the decision was stored. Who reads the view keeps it from being moved for a while: then it shows what it showed,
   * and the next publication moves it. Freshet's own readers don't wait for it, so neither does the person who decided.
   */
  async follow(modelId: string): Promise<void> {
    try {
      await this.plane.systemTransaction(async (sql, client) => {
        const shown = await lockShownVersion(sql, modelId);
        if (!shown) return;
        const { projectId, name, version, stableView } = shown;
        if (stableView && version > 0) await moveStableView(client, { projectId, modelId, version, name });
        else await dropStableView(client, { projectId, modelId });
      });
    } catch (err) {
      this.log.warn({ modelId, err }, 'A stable view could not be moved');
    }
  }
}
