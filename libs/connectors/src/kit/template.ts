/** Models and a dashboard that a connector's users want first (spec DB9); once added they are plain ones, to be changed at will. */
import type { Account, CreateDashboard, CreateModel } from '@freshet/contracts';

/** Another source of the same project that a template reads. */
export interface TemplateCompanion {
  /** The word that stands for it: `{ads}` for its slug, `{ads.zone}` and `{ads.currency}` for its account's. */
  as: string;
  /** Type of its connector. */
  type: string;
  /** Its streams that have to be on. */
  streams: readonly string[];
}

/**
 * In every text of models and dashboards, `{source}` stands for the source's slug: its tables are `{source}.<stream>`, its models
 * `{source}_<name>`. What stands for a companion is told at `TemplateCompanion.as`.
 */
export interface ConnectorTemplate {
  /** Kebab-case, unique within the connector; part of the address. */
  name: string;
  title: string;
  /** One sentence: which questions the dashboard answers. */
  description: string;
  /** Streams that have to be on. */
  streams: readonly string[];
  beside?: readonly TemplateCompanion[];
  models: readonly (Pick<CreateModel, 'name' | 'sql'> &
    Partial<Pick<CreateModel, 'guards' | 'indexes' | 'allowEmpty'>>)[];
  dashboards: readonly Pick<CreateDashboard, 'name' | 'description' | 'charts'>[];
}

/** Word → what it stands for. */
export type TemplateWords = Readonly<Record<string, string>>;

/** What a vendor told becomes part of SQL only where it looks like what it should be. */
const told = (text: string | null | undefined, pattern: RegExp, otherwise: string): string =>
  text != null && pattern.test(text) ? text : otherwise;

/** `.zone` is the account's IANA zone and `.currency` its ISO 4217 code; `UTC` and `USD` where the vendor told none. */
export const templateWords = (
  slug: string,
  companions: Readonly<Record<string, { slug: string; account: Account | null }>> = {},
): TemplateWords => {
  const beside = Object.entries(companions).flatMap(([as, companion]) => [
    [as, companion.slug],
    [`${as}.zone`, told(companion.account?.timeZone, /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/, 'UTC')],
    [`${as}.currency`, told(companion.account?.currency, /^[A-Z]{3}$/, 'USD')],
  ]);
  return Object.fromEntries([['source', slug], ...beside]) as TemplateWords;
};

/** The same with `{word}` replaced in every text in it; other braces, such as those of regular expressions, stay. */
export const fillIn = <T>(value: T, words: TemplateWords): T => {
  if (typeof value === 'string')
    return value.replace(/\{([a-z][a-z.]*)\}/g, (found, word: string) => words[word] ?? found) as T;
  if (Array.isArray(value)) return value.map((each: unknown) => fillIn(each, words)) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, fillIn(each, words)])) as T;
};

export const withSource = (text: string, slug: string): string => fillIn(text, templateWords(slug));
