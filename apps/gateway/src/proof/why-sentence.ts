/** One plain sentence on how a model or chart stands: what it shows, and what it waits for. */
import type { Model, WhyAnswer } from '@freshet/contracts';
import type { Subject } from './subject';

type ModelReason = WhyAnswer['models'][number];

/** The nearest model that is not up to date says what everything below it waits for. */
export function sentenceOf(
  subject: Subject,
  described: readonly Model[],
  chain: readonly ModelReason[],
): string {
  const own = subject.kind === 'model' ? described.find(({ id }) => id === subject.id) : undefined;
  if (own) return `${own.name} ${standing(own)}. ${own.why}`;
  const late = chain.find(({ owed, version }) => owed || version === null);
  if (late) return `${subject.name} shows ${namesOf(chain)}. ${late.name} is not up to date: ${late.why}`;
  if (chain.length === 0) return `${subject.name} reads tables alone, as they are right now.`;
  return `${subject.name} is up to date: it shows ${namesOf(chain)}, built from everything there is.`;
}

function standing({ version, pinned, error }: Model): string {
  if (version === null) return error ? 'has never been built: its build failed' : 'has never been built';
  if (pinned) return `is pinned at version ${version}`;
  return error ? `still shows version ${version}, since its last refresh failed` : `shows version ${version}`;
}

function namesOf(chain: readonly ModelReason[]): string {
  const [nearest] = chain;
  const names = chain.filter(({ depth }) => depth === nearest?.depth).map(versionOf);
  return names.length > 1 ? `${names.slice(0, -1).join(', ')} and ${names.at(-1)}` : (names[0] ?? 'nothing');
}

const versionOf = ({ name, version }: ModelReason): string =>
  version === null ? `${name} (not built yet)` : `version ${version} of ${name}`;
