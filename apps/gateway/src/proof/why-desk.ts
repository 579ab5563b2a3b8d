/** Why a model or a chart is as it is: one sentence, and the chain of reasons above it (spec CA15). */
import { Inject, Injectable } from '@nestjs/common';
import type { Model, WhyAnswer } from '@freshet/contracts';
import { buildGraph, type Graph } from '@freshet/domain';
import {
  ControlPlane, listModels, loadAsOf, loadCascadeState, loadContents, loadModelReasons, loadTableReasons, type ReadInput, type Sql,
} from '@freshet/persistence'; // prettier-ignore
import type { Member } from '@freshet/service-kit';
import { ModelDescriber } from '../models/model-describer';
import { readSubject, type ReadSubject, type SubjectQuery } from './subject';
import { sentenceOf } from './why-sentence';

const mostModels = 10_000;

@Injectable()
export class WhyDesk {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(ModelDescriber) private readonly described: ModelDescriber,
  ) {}

  explain({ organizationId }: Member, projectId: string, query: SubjectQuery): Promise<WhyAnswer> {
    return this.plane.withTenant(organizationId, async (em, sql) => {
      const { subject, inputs } = await readSubject(em, sql, projectId, query);
      const graph = buildGraph(
        (await loadCascadeState(sql, [projectId])).models.filter(({ deleted }) => !deleted),
      );
      const reach = above(graph, inputs, subject.kind === 'model' ? 0 : 1);
      const described = await this.describe(sql, projectId, reach.models);
      const models = await chain(sql, described, reach.models);
      return {
        subject,
        sentence: sentenceOf(subject, described, models),
        models,
        tables: await tablesOf(sql, reach.streams, inputs),
        asOf: await loadAsOf(sql, inputs.filter(({ value }) => value > 0)), // prettier-ignore
      };
    });
  }

  private async describe(sql: Sql, projectId: string, depths: ReadonlyMap<string, number>): Promise<Model[]> {
    const rows = await listModels(sql, { projectId, limit: mostModels });
    return this.described.describe(sql, projectId, rows.filter(({ id }) => depths.has(id))); // prettier-ignore
  }
}

interface Above {
  /** Model → how many models away from the subject; the nearest first. */
  models: Map<string, number>;
  streams: Set<string>;
}

/** Breadth first, so that each model is met at its least distance. */
function above(graph: Graph, inputs: ReadSubject['inputs'], depth: number): Above {
  const models = new Map<string, number>();
  const streams = new Set<string>();
  const visit = (read: readonly { kind: 't' | 'm'; id: string }[], at: number): void => {
    for (const { kind, id } of read) {
      if (kind === 't') streams.add(id);
      else if (!models.has(id)) models.set(id, at);
    }
  };
  visit(inputs, depth);
  for (const [id, at] of models) visit(graph.inputs.get(id) ?? [], at + 1);
  return { models, streams };
}

async function chain(
  sql: Sql,
  described: readonly Model[],
  depths: Above['models'],
): Promise<WhyAnswer['models']> {
  const reasons = new Map(
    (await loadModelReasons(sql, [...depths.keys()])).map((reason) => [reason.id, reason]),
  );
  return described
    .map(({ id, name, version, owed, why }) => {
      const reason = reasons.get(id);
      const { publishedAt = null, lastRefresh = null } = reason ?? {};
      return { id, name, depth: depths.get(id) ?? 0, version, publishedAt, owed, why, lastRefresh };
    })
    .sort((a, b) => a.depth - b.depth || a.name.localeCompare(b.name));
}

async function tablesOf(
  sql: Sql,
  streams: Above['streams'],
  inputs: readonly ReadInput[],
): Promise<WhyAnswer['tables']> {
  const shown = new Map<string, number>();
  for (const { streamId, revision } of (await loadContents(sql, inputs)).tables)
    shown.set(streamId, Math.min(revision, shown.get(streamId) ?? revision));
  const tables = await loadTableReasons(sql, [...new Set([...streams, ...shown.keys()])]);
  return tables
    .map(({ streamId, name, current, movedBy }) => ({
      name,
      shown: shown.get(streamId) ?? null,
      current,
      movedBy,
    }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
