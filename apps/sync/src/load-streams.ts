/** Reads a source's streams one after the other, after bringing them in line with what its connector has now (spec SY2, SY12). */
import { Inject, Injectable } from '@nestjs/common';
import type { Connector, StreamSpec } from '@freshet/connectors';
import { FreshetError } from '@freshet/contracts';
import {
  ControlPlane,
  listStreamNames,
  loadRunStreams,
  reconcileStreams,
  storeAccount,
  type RunStream,
} from '@freshet/persistence';
import type { StreamTableRef } from '@freshet/warehouse';
import { LoadStream } from './load-stream';
import { isIncremental, type SourceReading } from './stream-load';

export interface ReadStreams {
  /** Tables of which a good part was written. */
  written: StreamTableRef[];
  /** Names of those of which each run brings only what is new. */
  incremental: string[];
}

interface Wanted {
  stream: RunStream;
  spec: StreamSpec;
}

@Injectable()
export class LoadStreams {
  constructor(
    @Inject(ControlPlane) private readonly plane: ControlPlane,
    @Inject(LoadStream) private readonly loadStream: LoadStream,
  ) {}

  async load(reading: SourceReading): Promise<ReadStreams> {
    const wanted = await this.wanted(reading);
    const { lease, tally, connector } = reading;
    for (const { stream } of wanted) tally.add(stream.sofar);
    lease.resume(wanted.reduce((rows, { stream }) => rows + stream.sofar.received, 0));
    const written: StreamTableRef[] = [];
    for (const [place, { stream, spec }] of wanted.entries()) {
      lease.begin(stream.name, place, wanted.length);
      if (stream.sofar.whole) continue;
      const table = await this.loadStream.load({ ...reading, stream, spec });
      if (table) written.push(table);
    }
    const adding = wanted.filter(({ spec }) => isIncremental(connector, spec));
    return { written, incremental: adding.map(({ spec }) => spec.name) };
  }

  /** Those that are on, that the connector has, and that this run is about. */
  private async wanted({ run, connector, config, context, account }: SourceReading): Promise<Wanted[]> {
    const specs = await this.specsOf(run.sourceId, connector, config);
    const { sourceId, projectId, source, request } = run;
    await this.plane.systemTransaction(async (sql) => {
      const { newStreams } = source;
      const added = await reconcileStreams(sql, { sourceId, projectId, newStreams, streams: specs });
      if (added.length) context.log.info({ run: run.id, streams: added }, 'The source has new streams');
    });
    if (account) await this.plane.systemTransaction((sql) => storeAccount(sql, sourceId, account));
    const streams = (await loadRunStreams(this.plane.system, run)).flatMap((stream) => {
      const spec = specs.find(({ name }) => name === stream.name);
      if (!spec) context.log.warn({ run: run.id, stream: stream.name }, 'A stream is not there any more');
      return spec ? [{ stream, spec }] : [];
    });
    const asked = streams.filter(({ stream }) => request.streams?.includes(stream.name) ?? true);
    if (!request.window) return asked;
    const byDays = asked.filter(({ spec }) => spec.slicing !== null);
    if (byDays.length) return byDays;
    throw new FreshetError('invalid_input', 'None of these tables is read by days.', {
      action: 'Sync the source without days.',
    });
  }

  /** A file stays the one table that people's queries name, also when it lies at another address now. */
  private async specsOf(sourceId: string, connector: Connector, config: unknown): Promise<StreamSpec[]> {
    const specs = connector.streams(config);
    const [only, ...others] = connector.isLocal ? specs : [];
    if (!only || others.length) return specs;
    const names = await listStreamNames(this.plane.system, sourceId);
    return names.length === 1 ? [{ ...only, name: names[0] ?? only.name }] : specs;
  }
}
