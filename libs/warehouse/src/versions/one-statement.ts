/** Sends a text by the extended protocol, which takes one statement only, whatever the text holds. */
export const oneStatement = (text: string): { text: string; values: unknown[]; queryMode: 'extended' } => ({
  text,
  values: [],
  queryMode: 'extended',
});
