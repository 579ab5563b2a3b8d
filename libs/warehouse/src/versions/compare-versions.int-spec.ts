import { usePostgres } from '@freshet/testing';
import { compareVersions, type Comparison, type VersionDifference } from './compare-versions';
import { modelId, projectId, useProject } from './project-under-test';

const { build, asSystem } = useProject(usePostgres());
const compare = (versions: Pick<Comparison, 'old' | 'next' | 'key'>): Promise<VersionDifference> =>
  asSystem((client) => compareVersions(client, { projectId, modelId, ...versions }));

describe('comparing two versions', () => {
  const before = 'SELECT i AS id, i % 10 AS v FROM generate_series(1, 100) i';
  const after =
    'SELECT i AS id, CASE WHEN i <= 20 THEN -1 ELSE i % 10 END AS v FROM generate_series(11, 105) i';

  it('counts by the key when there is one, else as multisets', async () => {
    const [old, next] = [await build(before), await build(after)];
    const versions = { old, next };
    expect(await compare({ ...versions, key: ['id'] })).toEqual({
      rowsAdded: 5,
      rowsRemoved: 10,
      rowsChanged: 10,
    });
    expect(await compare(versions)).toEqual({
      rowsAdded: 15,
      rowsRemoved: 20,
      rowsChanged: 0,
    });
    expect(await compare({ ...versions, old: null })).toEqual({
      rowsAdded: 95,
      rowsRemoved: 0,
      rowsChanged: 0,
    });
  });

  it('counts repeated rows one by one', async () => {
    const old = await build('SELECT 1 AS a FROM generate_series(1, 5)');
    const next = await build('SELECT 1 AS a FROM generate_series(1, 3) UNION ALL SELECT 2');
    expect(await compare({ old, next })).toEqual({
      rowsAdded: 1,
      rowsRemoved: 2,
      rowsChanged: 0,
    });
  });
});
