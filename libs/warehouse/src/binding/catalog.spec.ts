import { parseQuery } from '../gate/parse-query';
import { bindQuery } from './bind-query';
import { resolveIn, unbuiltInputs, type CatalogNames, type ChosenVersions } from './catalog';

const catalog: CatalogNames = {
  tables: [
    { streamId: '7', slug: 'ga_main', stream: 'traffic', generation: 1, revision: 812 },
    { streamId: '8', slug: 'ga_main', stream: 'costs', generation: 0, revision: 0 },
  ],
  models: [
    { modelId: '42', name: 'daily', version: 17 },
    { modelId: '43', name: 'weekly', version: 0 },
  ],
};
const sql = 'SELECT * FROM daily, weekly, ga_main.traffic, ga_main.costs';

const bound = async (chosen?: ChosenVersions): Promise<{ text: string; unbuilt: string[] }> => {
  const query = bindQuery(await parseQuery(sql), resolveIn('1', catalog, chosen));
  return { text: query.text, unbuilt: unbuiltInputs(query, catalog, chosen) };
};

describe('names bind', () => {
  it("to the catalogue's versions", async () => {
    const { text, unbuilt } = await bound();
    expect(text).toContain('"p_1"."m_42_v17"');
    expect(unbuilt).toEqual(['ga_main.costs', 'weekly']);
  });

  it('to chosen versions of models, and to the catalogue where none is chosen', async () => {
    const versions = new Map([['43', 3]]);
    const { text, unbuilt } = await bound({ versionOf: (id) => versions.get(id) });
    expect(text).toContain('"p_1"."m_42_v17"');
    expect(text).toContain('"p_1"."m_43_v3"');
    expect(unbuilt).toEqual(['ga_main.costs']);
  });

  it('to nothing that can be run where there was no version at the moment chosen', async () => {
    const { unbuilt } = await bound({ versionOf: () => 0 });
    expect(unbuilt).toEqual(['ga_main.costs', 'daily', 'weekly']);
  });
});
