import { checkSchemaPolicy } from './schema-policy';

const id = { name: 'id', type: 'bigint' };
const total = { name: 'total', type: 'numeric' };
const day = { name: 'day', type: 'date' };

describe('the schema policy', () => {
  it('strict forbids every change and names it', () => {
    const verdict = checkSchemaPolicy([id, total], [{ ...id, type: 'text' }, day], 'strict');
    expect(verdict.ok).toBe(false);
    expect(verdict.reason).toBe(
      'The strict schema policy forbids this: column "day" is new, column "total" is gone, column "id" turned from bigint into text. Change the query back or choose a looser policy.',
    );
  });

  it('additive allows new columns and nothing else', () => {
    expect(checkSchemaPolicy([id], [id, day], 'additive')).toMatchObject({
      ok: true,
      added: [day],
      reason: '',
    });
    expect(checkSchemaPolicy([id, day], [id], 'additive')).toMatchObject({ ok: false, removed: [day] });
    expect(checkSchemaPolicy([id], [{ ...id, type: 'integer' }], 'additive').ok).toBe(false);
  });

  it('any allows everything, and still says what changed', () => {
    expect(checkSchemaPolicy([id, total], [day], 'any')).toMatchObject({
      ok: true,
      added: [day],
      removed: [id, total],
    });
  });

  it('takes another order of the same columns as no change in what they are', () => {
    expect(checkSchemaPolicy([id, day], [day, id], 'strict')).toMatchObject({ ok: true, reordered: true });
    expect(checkSchemaPolicy([id, day], [id, total, day], 'additive')).toMatchObject({
      ok: true,
      reordered: false,
    });
  });
});
