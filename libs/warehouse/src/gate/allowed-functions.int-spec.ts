import { usePostgres } from '@freshet/testing';

import { allowedFunctions, clockFunctions, isHarmfulAsColumn } from './allowed-functions';

const postgres = usePostgres();

describe('the allowed functions, against this server', () => {
  const names = async (condition: string): Promise<string[]> => {
    const { rows } = await postgres.pool.query<{ name: string }>(
      `SELECT DISTINCT proname AS name FROM pg_proc
        WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind <> 'p' AND ${condition} ORDER BY 1`,
    );
    return rows.map(({ name }) => name);
  };

  it('all exist', async () => {
    const known = new Set(await names('true'));
    expect([...allowedFunctions].filter((name) => !known.has(name))).toEqual([]);
  });

  it('change nothing: those that are volatile give chance or time', async () => {
    const volatile = await names(`provolatile = 'v'`);
    expect(volatile.filter((name) => allowedFunctions.has(name) && !clockFunctions.has(name))).toEqual([]);
  });

  it('take no names of catalog objects, save of text search configurations, and object ids as numbers only', async () => {
    const takers = await names(
      `EXISTS (SELECT FROM unnest(proargtypes) AS a(oid) JOIN pg_type t ON t.oid = a.oid
                WHERE t.typname ~ '^_?(reg|oid|cstring|internal|pg_|aclitem)' AND t.typname <> 'regconfig')`,
    );
    expect(takers.filter((name) => allowedFunctions.has(name))).toEqual(['int8', 'max', 'min']);
  });

  it('are all that the notation of columns can reach: every other one that acts or tells of the server is refused there', async () => {
    const reachable = await names(
      `pronargs - pronargdefaults <= 1 AND pronargs >= 1
        AND NOT prorettype = ANY ('{trigger,event_trigger,internal,cstring}'::regtype[])
        AND (provolatile = 'v' OR proparallel <> 's' OR proname ~ '^(pg_|lo_|to_reg|reg|txid_|current_|binary_upgrade)')`,
    );
    expect(reachable.length).toBeGreaterThan(100);
    const open = reachable.filter((name) => !allowedFunctions.has(name) && !isHarmfulAsColumn(name));
    expect(open).toEqual([]);
  });

  it('leave no way by the notation of columns to a name of a catalogue object, to rights or to XML, as input or as output', async () => {
    const reachable = await names(
      `pronargs - pronargdefaults <= 1 AND pronargs >= 1 AND proname !~ '(_support|_options)$'
        AND EXISTS (SELECT FROM unnest(proargtypes || prorettype) AS a(oid) JOIN pg_type t ON t.oid = a.oid
                     WHERE t.typname ~ '^_?(reg|aclitem|xml|refcursor|pg_)')`,
    );
    expect(reachable.length).toBeGreaterThan(50);
    expect(reachable.filter((name) => !allowedFunctions.has(name) && !isHarmfulAsColumn(name))).toEqual([]);
    const { rows } = await postgres.pool.query<{ name: string }>(
      `SELECT typname AS name FROM pg_type WHERE typnamespace = 'pg_catalog'::regnamespace
        AND (typtype = 'c' OR typname ~ '^_?(reg|aclitem|xml|refcursor|pg_)' OR typname ~ '_(snapshot|lsn)$')`,
    );
    expect(rows.length).toBeGreaterThan(100);
    expect(rows.filter(({ name }) => !isHarmfulAsColumn(name))).toEqual([]);
  });

  it('leave ordinary names of columns alone', () => {
    const ordinary = [
      'id',
      'date',
      'name',
      'version',
      'text',
      'lower',
      'age',
      'region',
      'register',
      'has_children',
      'location',
      'log',
      'system_id',
      'handle',
    ];
    expect(ordinary.filter(isHarmfulAsColumn)).toEqual([]);
  });
});
