/** Bull Board over all queues at `/admin/queues`, for operators alone. */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { ExpressAdapter } from '@bull-board/express';
import { Bus } from '@freshet/bus';
import { FreshetError, queues, type QueueName } from '@freshet/contracts';
import { Authenticator, ProblemFilter } from '@freshet/service-kit';
import type { INestApplication } from '@nestjs/common';
import type { RequestHandler } from 'express';

const path = '/admin/queues';

export function serveBullBoard(app: INestApplication): void {
  const bus = app.get(Bus);
  const serverAdapter = new OfflineAdapter();
  serverAdapter.setBasePath(path);
  const names = Object.keys(queues) as QueueName[];
  createBullBoard({
    queues: names.map((name) => new BullMQAdapter(bus.queue(name))),
    serverAdapter,
    options: { uiConfig: { boardTitle: 'Freshet queues' } },
  });
  app.use(path, operatorsOnly(app.get(Authenticator), app.get(ProblemFilter)), serverAdapter.getRouter());
}

/** 401 without a redirect for strangers, 403 for members who are not operators; the page's own calls have to be this origin's. */
const operatorsOnly =
  (authenticator: Authenticator, problems: ProblemFilter): RequestHandler =>
  async (request, response, next) => {
    try {
      const principal = await authenticator.authenticate(request.headers);
      authenticator.checkOrigin(request.method, request.headers);
      if (!principal.operator)
        throw new FreshetError('forbidden', 'Only an operator of this installation may see the queues.');
      next();
    } catch (error) {
      problems.send(error, request, response);
    }
  };

/** The board's page links a web font, which the content security policy forbids and an offline server can't have. */
class OfflineAdapter extends ExpressAdapter {
  override setEntryRoute(route: Parameters<ExpressAdapter['setEntryRoute']>[0]): this {
    this.app[route.method](route.route, (_request, response) => {
      const { name, params } = route.handler({ basePath: this.basePath, uiConfig: this.uiConfig });
      response.render(name, params, (error: Error | null, html: string) => {
        if (error) throw error;
        response.send(html.replace(/<link href="https?:[^>]*>/g, ''));
      });
    });
    return this;
  }
}
