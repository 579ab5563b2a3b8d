/** Models and a dashboard that a connector's users want first (spec DB9); once added they are plain ones, to be changed at will. */
import type { CreateDashboard, CreateModel } from '@freshet/contracts';

/** In every `sql` and `name`, `{source}` stands for the source's slug: its tables are `{source}.<stream>`, its models `{source}_<name>`. */
export interface ConnectorTemplate {
  /** Kebab-case, unique within the connector; part of the address. */
  name: string;
  title: string;
  /** One sentence: which questions the dashboard answers. */
  description: string;
  /** Streams that have to be on. */
  streams: readonly string[];
  models: readonly (Pick<CreateModel, 'name' | 'sql'> &
    Partial<Pick<CreateModel, 'guards' | 'indexes' | 'allowEmpty'>>)[];
  dashboards: readonly Pick<CreateDashboard, 'name' | 'description' | 'charts'>[];
}

export const withSource = (text: string, slug: string): string => text.replaceAll('{source}', slug);
