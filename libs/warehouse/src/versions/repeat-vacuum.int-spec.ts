import { usePostgres } from '@freshet/testing';
import { modelId, projectId, useProject } from './project-under-test';
import { repeatVacuum } from './repeat-vacuum';

const postgres = usePostgres();
const { build, asSystem } = useProject(postgres);

const again = (...versions: number[]) =>
  asSystem((client) =>
    repeatVacuum(client, { projectId, versions: versions.map((version) => ({ modelId, version })) }),
  );
const visible = async (version: number): Promise<boolean> => {
  const { rows } = await postgres.pool.query<{ all: boolean }>(
    `SELECT relallvisible = relpages AS all FROM pg_class WHERE relname = $1`,
    [`m_42_v${version}`],
  );
  return rows[0]?.all ?? false;
};

describe('repeating VACUUM', () => {
  it('makes a version visible to all that an older snapshot held back, once that has ended', async () => {
    const text = 'SELECT i FROM generate_series(1, 5000) i';
    const whole = await build(text);
    const old = await postgres.pool.connect();
    await old.query('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT FROM p_7.orders');
    const { version } = await build(text);
    expect(await visible(version)).toBe(false);
    expect(await again(version)).toEqual([]);
    await old.query('COMMIT');
    old.release();
    expect(await again(whole.version, version, 999)).toEqual([{ modelId, version }]);
    expect(await visible(version)).toBe(true);
  });
});
