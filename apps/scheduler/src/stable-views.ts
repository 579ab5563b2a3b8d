/** Keeps the views for tools outside where their models' pointers are, whoever moved those: a refresh, a set, a rollback. */
import { Inject, Injectable } from '@nestjs/common';
import { Interval } from '@nestjs/schedule';
import { ControlPlane, findStableViews, listProjects, type WantedView } from '@freshet/persistence';
import { LOG, type Log } from '@freshet/service-kit';
import {
  dropStableView,
  lockForTransaction,
  moveStableView,
  versionsInViews,
  viewSchema,
} from '@freshet/warehouse';
import { oneAtATime } from './one-at-a-time';

const moveEvery = 2_000;
const dropEvery = 30_000;

@Injectable()
export class StableViews {
  private readonly moveRound: () => Promise<void>;
  private readonly dropRound: () => Promise<void>;

  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LOG) private readonly log: Log,
  ) {
    this.moveRound = oneAtATime(log, 'Moving views', () => this.move());
    this.dropRound = oneAtATime(log, 'Dropping views', () => this.dropUnwanted());
  }

  @Interval(moveEvery)
  tick(): Promise<void> {
    return this.moveRound();
  }

  @Interval(dropEvery)
  slowTick(): Promise<void> {
    return this.dropRound();
  }

  /** Makes what is missing and moves what shows another version. A view that is in use is moved in a later round. */
  async move(): Promise<void> {
    const wanted = await findStableViews(this.plane.system);
    for (const projectId of new Set(wanted.map((view) => view.projectId))) {
      const there = new Set(
        (await this.viewsOf(projectId)).map(({ modelId, version, view }) => keyOf(modelId, version, view)),
      );
      for (const each of wanted) {
        if (each.projectId !== projectId || there.has(keyOf(each.modelId, each.version, each.name))) continue;
        await this.moveOne(each.modelId).catch((err: unknown) =>
          this.log.warn({ model: each.modelId, err }, 'A view could not be moved; it is tried again'),
        );
      }
    }
  }

  private moveOne(modelId: string): Promise<boolean> {
    return this.plane.systemTransaction(async (sql, client) => {
      await lockForTransaction(client, 'stableView', modelId);
      const [view] = await findStableViews(sql, modelId);
      return view ? moveStableView(client, { ...view, attempts: 1 }) : false;
    });
  }

  /** Of models that were deleted, or that nobody wants a view of any more. */
  async dropUnwanted(): Promise<void> {
    for (const projectId of await listProjects(this.plane.system)) {
      const views = await this.viewsOf(projectId);
      if (views.length === 0) continue;
      const wanted = new Set(
        (await findStableViews(this.plane.system)).map((view: WantedView) => view.modelId),
      );
      for (const { modelId } of views.filter((view) => !wanted.has(view.modelId))) {
        await this.plane
          .systemTransaction((_, client) => dropStableView(client, { projectId, modelId, attempts: 1 }))
          .catch((err: unknown) => this.log.warn({ model: modelId, err }, 'A view could not be dropped'));
      }
    }
  }

  private viewsOf(projectId: string): ReturnType<typeof versionsInViews> {
    return this.plane.systemSession(async (_, client) =>
      (await versionsInViews(client, projectId)).filter(({ schema }) => schema === viewSchema(projectId)),
    );
  }
}

const keyOf = (modelId: string, version: number, view: string): string => `${modelId}/${version}/${view}`;
