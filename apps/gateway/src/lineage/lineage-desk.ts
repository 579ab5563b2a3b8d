/** The graph of a project from sources to dashboards, with how each of its parts stands. */
import { Inject, Injectable } from '@nestjs/common';
import type { Freshness, Lineage, Model, Source } from '@freshet/contracts';
import { worstFreshness } from '@freshet/domain';
import { listModels, listSources, loadLineage, type LineageRows, type Sql } from '@freshet/persistence';
import { Clock } from '@freshet/service-kit';
import { ModelDescriber } from '../models/model-describer';
import { presentSource } from '../sources/present-source';

type Node = Lineage['nodes'][number];

const mostModels = 10_000;

@Injectable()
export class LineageDesk {
  constructor(
    @Inject(ModelDescriber) private readonly models: ModelDescriber,
    @Inject(Clock) private readonly clock: Clock,
  ) {}

  async draw(sql: Sql, projectId: string): Promise<Lineage> {
    const graph = await loadLineage(sql, projectId);
    const sources = (await listSources(sql, { projectId })).map((row) =>
      presentSource(row, this.clock.now()),
    );
    const rows = await listModels(sql, { projectId, limit: mostModels });
    const models = await this.models.describe(sql, projectId, rows);
    const nodes = [
      ...sources.map(sourceNode),
      ...graph.tables.map(tableNode(sources)),
      ...models.map(modelNode),
    ];
    return { nodes: [...nodes, ...dashboardNodes(graph, nodes)], edges: graph.edges };
  }
}

const sourceNode = ({ id, name, status, freshness, statusReason }: Source): Node => ({
  key: `source:${id}`,
  kind: 'source',
  id,
  name,
  status,
  freshness,
  owed: false,
  why: statusReason,
});

const tableNode =
  (sources: readonly Source[]) =>
  ({ id, sourceId, name, held }: LineageRows['tables'][number]): Node => ({
    key: `table:${id}`,
    kind: 'table',
    id,
    name,
    status: null,
    freshness: sources.find((source) => source.id === sourceId)?.freshness ?? null,
    owed: false,
    why: held ? 'It is held because its last sync looks wrong; release that sync to go on.' : null,
  });

const modelNode = ({ id, name, status, freshness, owed, why }: Model): Node => ({
  key: `model:${id}`,
  kind: 'model',
  id,
  name,
  status,
  freshness,
  owed,
  why,
});

/** A dashboard is as fresh as the oldest of what its charts read. */
function dashboardNodes({ dashboards, edges }: LineageRows, nodes: readonly Node[]): Node[] {
  const freshness = new Map(nodes.map((node) => [node.key, node.freshness]));
  const read = new Map<string, Freshness[]>();
  for (const { from, to } of edges) {
    const part = freshness.get(from);
    if (part) read.set(to, [...(read.get(to) ?? []), part]);
  }
  return dashboards.map(({ id, name }) => {
    const key = `dashboard:${id}`;
    const parts = read.get(key) ?? [];
    return {
      key,
      kind: 'dashboard',
      id,
      name,
      status: null,
      freshness: worstFreshness(parts),
      owed: false,
      why: null,
    };
  });
}
