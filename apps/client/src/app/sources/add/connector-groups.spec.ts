import { connectorGroups, findConnectors } from './connector-groups';

const of = (...types: string[]) =>
  types.map((type) => ({ type, name: type, description: type === 'file' ? 'CSV at a web address' : '' }));
const titles = (...types: string[]) =>
  connectorGroups(of(...types)).map(({ title, connectors }) => [
    title,
    ...connectors.map(({ type }) => type),
  ]);

describe('connectors to choose from', () => {
  it('stand by what they are for, each once', () =>
    expect(titles('file', 'klaviyo', 'google-ads', 'google-analytics')).toEqual([
      ['Analytics and ads', 'google-analytics', 'google-ads'],
      ['CRM, messaging and donations', 'klaviyo'],
      ['Databases and files', 'file'],
    ]));

  it('are there also when nobody said what they are for', () =>
    expect(titles('file', 'weather')).toEqual([
      ['Databases and files', 'file'],
      ['More', 'weather'],
    ]));

  it('are found by words of their name and description, in any order', () => {
    const all = of('file', 'google-ads');
    expect(findConnectors(all, 'address CSV').map(({ type }) => type)).toEqual(['file']);
    expect(findConnectors(all, 'GOOGLE').map(({ type }) => type)).toEqual(['google-ads']);
    expect(findConnectors(all, '  ')).toHaveLength(2);
    expect(findConnectors(all, 'google csv')).toEqual([]);
  });
});
