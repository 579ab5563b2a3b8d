/** Results as they go over the wire: rows were written once, what stands around them is written for each answer. */
import { defaults, type ChartResult, type FreshetError, type MixedGenerations, type QueryResult } from '@freshet/contracts'; // prettier-ignore
import { mixedGenerations } from './mixed-generations';
import type { Facts } from './project-view';
import type { CachedResult } from './result-cache';

export interface ShownResult extends CachedResult {
  source: QueryResult['source'];
  facts: Facts;
}

type AroundRows = Omit<QueryResult, 'columns' | 'rows'>;

/** A `QueryResult` in JSON, in parts. */
export function resultJson(shown: ShownResult): Buffer[] {
  const { body, source, generatedAt, truncated } = shown;
  const { versions, asOf, mixed } = shown.facts;
  const around: AroundRows = {
    versions,
    asOf,
    source,
    generatedAt: generatedAt.toISOString(),
    mixed,
    provisionalFrom: provisionalFrom(shown),
    truncated,
    warnings: warningsOf(shown),
  };
  return [Buffer.from('{'), body, Buffer.from(`,${JSON.stringify(around).slice(1)}`)];
}

/** A `DashboardData` in JSON, in parts. */
export function dashboardJson(
  charts: readonly (readonly [id: string, ShownResult | FreshetError | undefined])[],
): Buffer[] {
  const parts: Buffer[] = [];
  const shown: ShownResult[] = [];
  for (const [id, answer] of charts) {
    if (!answer) continue;
    parts.push(Buffer.from(`${parts.length ? ',' : ''}${JSON.stringify(id)}:`));
    if (!('body' in answer)) parts.push(...failureJson(answer));
    else {
      shown.push(answer);
      parts.push(...resultJson(answer));
    }
  }
  const versions = Object.assign({}, ...shown.map(({ facts }) => facts.versions)) as Record<string, number>;
  const around = JSON.stringify({ versions, mixed: mixedIn(shown) }).slice(0, -1);
  return [Buffer.from(`${around},"results":{`), ...parts, Buffer.from('}}')];
}

/** A chart's error in JSON. */
const failureJson = ({ code, message, details }: FreshetError): Buffer[] => {
  const failure: ChartResult = { error: { code, message, action: details.action ?? null } };
  return [Buffer.from(JSON.stringify(failure))];
};

/** Over all that is shown together. */
export const mixedIn = (shown: readonly ShownResult[]): MixedGenerations | null =>
  shown.length === 1
    ? (shown[0]?.facts.mixed ?? null)
    : mixedGenerations(distinct(shown).flatMap(({ facts }) => facts.contents));

/** Charts over the same inputs contain the same. */
const distinct = (shown: readonly ShownResult[]): ShownResult[] => [
  ...new Map(shown.map((each) => [JSON.stringify(each.facts.contents), each])).values(),
];

/** The earliest day that any of the streams below may still restate; dates sort as texts. */
const provisionalFrom = ({ facts }: ShownResult): string | null =>
  facts.contents.flatMap((stream) => stream.provisionalFrom ?? []).sort()[0] ?? null;

function warningsOf({ source, truncated, generatedAt, changed, facts }: ShownResult): string[] {
  // What was kept before streams had warnings has none.
  const warnings = [...new Set(facts.contents.flatMap((stream) => stream.warnings ?? []))];
  if (source === 'fallback')
    warnings.push(
      `The database can not be reached just now: this is the last good result, read at ${generatedAt.toISOString()}.`,
    );
  if (truncated)
    warnings.push(
      `Only the first ${defaults.chart.rows.toLocaleString('en')} rows are shown. Aggregate or filter to see all.`,
    );
  if (changed.length)
    warnings.push(
      `${changed.join(' and ')} changed while it was read: it may contain more than its as-of says, and than other charts show.`,
    );
  return warnings;
}
