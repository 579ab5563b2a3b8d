/** Connectors as people look for them: by what they are for, and by name. Pure. */
import type { ConnectorInfo } from '@freshet/contracts';

type Listed = Pick<ConnectorInfo, 'type' | 'name' | 'description'>;

export interface ConnectorGroup<C extends Listed> {
  title: string;
  connectors: readonly C[];
}

const purposes: readonly { title: string; types: readonly string[] }[] = [
  { title: 'Analytics and ads', types: ['google-analytics', 'google-ads', 'google-ad-manager', 'meta-ads'] },
  { title: 'CRM, messaging and donations', types: ['klaviyo', 'switchboard', 'clienttether', 'actblue'] },
  { title: 'Databases and files', types: ['postgresql', 'bigquery', 'file'] },
];

/** Every connector once; groups without any are left out, and those of no known purpose come last. */
export const connectorGroups = <C extends Listed>(connectors: readonly C[]): ConnectorGroup<C>[] => {
  const known = purposes.flatMap(({ types }) => types);
  const groups = [
    ...purposes.map(({ title, types }) => ({
      title,
      connectors: types.flatMap((type) => connectors.filter((each) => each.type === type)),
    })),
    { title: 'More', connectors: connectors.filter(({ type }) => !known.includes(type)) },
  ];
  return groups.filter((group) => group.connectors.length > 0);
};

/** Those that have every word in name or description; all of them for no words. */
export const findConnectors = <C extends Listed>(connectors: readonly C[], words: string): C[] => {
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  return connectors.filter(({ name, description }) => {
    const text = `${name} ${description}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
};
