/** Which other sources a template reads, and what stands in its way (spec DB9): pure rules. */
import { findConnector, type ConnectorTemplate } from '@freshet/connectors';
import { FreshetError, type Account, type SourceTemplate } from '@freshet/contracts';

/** A source as far as templates care. */
export interface TemplateInput {
  id: string;
  slug: string;
  name: string;
  type: string;
  isPaused: boolean;
  account: Account | null;
  /** Streams that are on. */
  enabled: ReadonlySet<string>;
  /** Streams that have a table. */
  loaded: ReadonlySet<string>;
}

type Needs = NonNullable<ConnectorTemplate['beside']>[number];

const nameOf = ({ type }: Needs): string => findConnector(type).spec.name;
const withArticle = (name: string): string => `${/^[AEIOU]/.test(name) ? 'an' : 'a'} ${name}`;

/** Null when the streams are on and have tables. `whose` names the source where it is not the template's own. */
export const streamsObstacle = (
  streams: readonly string[],
  { enabled, loaded }: Pick<TemplateInput, 'enabled' | 'loaded'>,
  whose?: string,
): string | null => {
  const told = (missing: string[]): string =>
    `It reads ${missing.join(', ')}${whose === undefined ? '' : ` of ${whose}`}`;
  const off = streams.filter((stream) => !enabled.has(stream));
  const isOne = (missing: string[]): boolean => missing.length === 1;
  if (off.length > 0)
    return `${told(off)}, which ${isOne(off) ? 'is' : 'are'} not synced. Turn ${isOne(off) ? 'it' : 'them'} on in the source's settings and sync.`;
  const empty = streams.filter((stream) => !loaded.has(stream));
  if (empty.length > 0)
    return `${told(empty)}, which ${isOne(empty) ? 'has' : 'have'} no table yet. Wait for the first sync to end.`;
  return null;
};

/** @param others of the project, the oldest first */
export const companionsOf = (
  { beside = [] }: ConnectorTemplate,
  others: readonly TemplateInput[],
): SourceTemplate['beside'] =>
  beside.map((needs) => {
    const possible = others.filter(({ type }) => type === needs.type);
    const first = possible.find(({ isPaused }) => !isPaused) ?? possible[0];
    return {
      as: needs.as,
      type: needs.type,
      connector: nameOf(needs),
      streams: [...needs.streams],
      choices: possible.map((source) => ({
        id: source.id,
        name: source.name,
        obstacle: streamsObstacle(needs.streams, source, source.name),
      })),
      chosen: first?.id ?? null,
    };
  });

/** Of the sources that are taken when none is named. */
export const companionsObstacle = (companions: SourceTemplate['beside']): string | null => {
  for (const { connector, choices, chosen } of companions) {
    const taken = choices.find(({ id }) => id === chosen);
    if (!taken) return `It also reads ${withArticle(connector)} source: connect one in this project.`;
    if (taken.obstacle) return taken.obstacle;
  }
  return null;
};

const refused = (as: string, sentence: string, action: string): FreshetError =>
  new FreshetError('invalid_input', sentence, {
    action,
    errors: [{ path: `with.${as}`, message: sentence }],
  });

/**
 * The template with the sources that were named, instead of those taken otherwise. Throws `invalid_input` for a word that the template
 * does not have and for a source of another type, `not_found` for one that is not in the project.
 */
export const chooseCompanions = (
  template: ConnectorTemplate,
  companions: SourceTemplate['beside'],
  named: Readonly<Record<string, string>>,
  others: readonly TemplateInput[],
): SourceTemplate['beside'] => {
  const words = companions.map(({ as }) => as);
  for (const as of Object.keys(named))
    if (!words.includes(as))
      throw refused(
        as,
        `${template.title} reads no source called “${as}”.`,
        words.length > 0 ? `It has: ${words.join(', ')}.` : 'It reads one source only: leave `with` out.',
      );
  return companions.map((companion) => {
    const id = named[companion.as] ?? companion.chosen;
    if (id === companion.chosen || companion.choices.some((choice) => choice.id === id))
      return { ...companion, chosen: id };
    const other = others.find((source) => source.id === id);
    const wanted = `${withArticle(companion.connector)} source`;
    if (other)
      throw refused(
        companion.as,
        `${other.name} is not ${wanted}.`,
        'Name one of those that the list gives.',
      );
    throw new FreshetError(
      'not_found',
      `The source to read as “${companion.as}” does not exist, or not in this project.`,
      { action: `Name ${wanted} of this project.` },
    );
  });
};
