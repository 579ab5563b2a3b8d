import 'reflect-metadata';
import { armFailpoints } from '@freshet/service-kit';
import { useRefresh } from './testing/use-refresh';

describe('a refresh', () => {
  const refresh = useRefresh();
  let sources = 0;
  const add = async (settings = {}) => {
    const { project } = refresh;
    const source = `shop_${++sources}`;
    const orders = await project.addTable(source, 'orders');
    const model = await project.addModel({
      name: `orders_${sources}`,
      sql: `select id, amount from ${source}.orders where amount >= 0`,
      ...settings,
    });
    const first = await project.next(model);
    return { project, orders, model, first, source };
  };

  afterEach(() => armFailpoints(undefined));

  it('builds a new model at once, publishes it and tells why', async () => {
    const { project, model, first } = await add();
    expect(first).toMatchObject({
      status: 'COMPLETED',
      published: true,
      version: 1,
      why: 'This is its first build.',
      rows_before: null,
      rows_after: '10',
      rows_added: '10',
    });
    await expect(
      project.rows(`select count(*)::int as n from ${project.schema}.m_${model}_v1`),
    ).resolves.toEqual([{ n: 10 }]);
  });

  it('leaves a version that tells every tool what it is, and that readers may read', async () => {
    const { project, model, first, source } = await add();
    await expect(
      project.rows(
        `select obj_description(c.oid) as comment,
           (select bool_or(has_table_privilege(r.oid, c.oid, 'select')) from pg_roles r where r.rolname like '%\\_' || $2 || '\\_read') as readable
         from pg_class c where c.oid = $1::regclass`,
        [`${project.schema}.m_${model}_v1`, project.id],
      ),
    ).resolves.toEqual([
      {
        comment: `orders_${sources}, version 1, built by refresh ${first.id}, from ${source}.orders 2`,
        readable: true,
      },
    ]);
  });

  it('tells rows added, removed and changed by the key', async () => {
    const { project, orders, model } = await add({ indexes: [{ columns: ['id'], unique: true }] });
    await orders.change(`with gone as (delete from $table where id = 1), more as (insert into $table values (11, 1), (12, 1))
      update $table set amount = 0 where id = 2`);
    await expect(project.next(model)).resolves.toMatchObject({
      published: true,
      rows_before: '10',
      rows_after: '11',
      rows_added: '2',
      rows_removed: '1',
      rows_changed: '1',
    });
    await expect(project.versions(model)).resolves.toEqual({ 1: 'retired', 2: 'live' });
  });

  it('whose result is the same keeps the version, so that nothing below it is refreshed', async () => {
    const { project, orders, model } = await add();
    const below = await project.addModel({
      name: `below_${sources}`,
      sql: `select count(*) as n from orders_${sources}`,
    });
    await project.next(below);
    await orders.change('insert into $table values (100, -1)');
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'COMPLETED',
      published: false,
      version: null,
    });
    await expect(project.tables(model)).resolves.toEqual([`m_${model}_v1`]);
    await orders.change('update $table set amount = 7 where id = 1');
    await expect(project.next(model)).resolves.toMatchObject({ published: true });
    await expect(project.next(below)).resolves.toMatchObject({
      why: expect.stringMatching(/^orders_\d+ went 1 → 3/),
    });
  });

  it('whose definition changes while it is built is dropped, and built again by the new one', async () => {
    const { project, orders, model, source } = await add();
    await project.holding(`lock table ${orders.table} in access exclusive mode`, async () => {
      await project.ask(model);
      await project.untilBlocked();
      await project.edit(model, { sql: `select id from ${source}.orders` });
    });
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'SKIPPED',
      why: expect.stringContaining('Its SQL was changed'),
    });
    await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED', version: 3 });
    await expect(project.tables(model)).resolves.toEqual([`m_${model}_v1`, `m_${model}_v3`]);
  });

  it('that breaks on our side leaves nothing behind and is tried again', async () => {
    const { project, model } = await add();
    armFailpoints('refresh.before-publish=throw@1');
    await project.ask(model);
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'FAILED',
      error: { code: 'internal' },
    });
    await expect(project.tables(model)).resolves.toEqual([`m_${model}_v1`]);
    await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED' });
    await expect(project.model(model)).resolves.toMatchObject({ failures: 0 });
  });

  it('whose publication was committed without this process hearing of it stays published, with its table', async () => {
    const { project, orders, model } = await add();
    armFailpoints('refresh.after-publish=throw');
    await orders.change('update $table set amount = amount + 1');
    await expect(project.next(model)).resolves.toMatchObject({
      status: 'COMPLETED',
      published: true,
      version: 2,
    });
    armFailpoints(undefined);
    await orders.change('update $table set amount = amount + 1');
    await expect(project.next(model)).resolves.toMatchObject({ status: 'COMPLETED', version: 3 });
    await expect(
      project.rows(`select count(*)::int as n from ${project.schema}.m_${model}_v2`),
    ).resolves.toEqual([{ n: 10 }]);
  });

  it('that was told to stop may not publish any more, however late it hears of it', async () => {
    const { project, orders, model } = await add();
    await orders.change('update $table set amount = 7 where id = 1');
    await project.next(model);
    await project.holding(`lock table ${project.schema}.m_${model}_v2 in access exclusive mode`, async () => {
      await orders.change('update $table set amount = 8 where id = 1');
      const { id } = await project.running(model);
      await project.untilBlocked();
      await project.rows('update app.refresh set cancel_requested = true where id = $1', [id]);
    });
    await expect(project.next(model)).resolves.toMatchObject({ status: 'CANCELLED', published: false });
    await expect(project.tables(model)).resolves.toEqual([`m_${model}_v1`, `m_${model}_v2`]);
  });
});

describe("a project's limits", () => {
  const refresh = useRefresh();

  it.each([
    [
      'statement_timeout',
      '1s',
      'select count(*) as n from generate_series(1, 1000000000) n',
      'sql_timeout',
      /longer than 1 s/,
    ],
    [
      'temp_file_limit',
      '1MB',
      'select n from generate_series(1, 3000000) n order by md5(n::text)',
      'sql_too_costly',
      /temporary/,
    ],
  ])(
    '%s ends a build that goes beyond it, with a sentence that says what to do',
    async (setting, value, sql, code, told) => {
      const project = await refresh.addProject();
      const [role] = await project.rows<{ name: string }>(
        `select rolname as name from pg_roles where rolname like 'f\\_%\\_' || $1 || '\\_build' and has_schema_privilege(oid, $2, 'create')`,
        [project.id, project.schema],
      );
      await project.rows(`alter role ${role?.name} set ${setting} = '${value}'`);
      await project.rows(`alter role ${role?.name} set work_mem = '1MB'`);
      const model = await project.addModel({ name: 'greedy', sql });
      await expect(project.next(model)).resolves.toMatchObject({
        status: 'FAILED',
        error: { code, message: expect.stringMatching(told) },
      });
      await expect(project.tables(model)).resolves.toEqual([]);
      await expect(project.model(model)).resolves.toMatchObject({ failure_final: true });
    },
  );
});
