import { cascadeOf, type ExampleModel } from './examples/cascade-example';
import { planDispatch } from './readiness';

/** 50 tables, 400 models over them, 600 models over two models each. */
function thousandModels(behind: boolean) {
  const streams = Object.fromEntries(Array.from({ length: 50 }, (_, index) => [`t${index}`, {}]));
  const models = Array.from({ length: 1_000 }, (_, index): [string, ExampleModel] => [
    `m${index}`,
    {
      reads: index < 400 ? [`t${index % 50}`] : [`m${index - 400}`, `m${(index * 7) % 400}`],
      behind,
      organizationId: `o${index % 20}`,
    },
  ]);
  return cascadeOf({ streams, models: Object.fromEntries(models) });
}

test.each([
  ['nothing owed', false],
  ['everything owed', true],
])('a plan over 1,000 models takes at most 30 ms, graph included: %s', (_what, behind) => {
  const state = thousandModels(behind);
  const times = Array.from({ length: 15 }, () => {
    const begin = performance.now();
    planDispatch(state, 0, { maxWait: 60_000, head: 12, attempts: 3 });
    return performance.now() - begin;
  });
  expect(Math.min(...times)).toBeLessThanOrEqual(30);
});
