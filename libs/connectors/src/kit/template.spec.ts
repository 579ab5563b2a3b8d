import { fillIn, templateWords, withSource } from './template';

const account = { name: 'Shop', timeZone: 'America/Argentina/Buenos_Aires', currency: 'ARS' };

it('words stand for slugs, zone and currency in every text, however deep', () => {
  const words = templateWords('gifts', { ads: { slug: 'meta', account } });
  const model = {
    name: '{source}_today',
    sql: `SELECT '{ads.zone}', '{ads.currency}' FROM {ads}.insights JOIN {source}.gifts`,
    indexes: [{ columns: ['{ads}'], unique: true }],
  };
  expect(fillIn(model, words)).toEqual({
    name: 'gifts_today',
    sql: `SELECT 'America/Argentina/Buenos_Aires', 'ARS' FROM meta.insights JOIN gifts.gifts`,
    indexes: [{ columns: ['meta'], unique: true }],
  });
});

it('other braces stay as they are', () => {
  expect(withSource(`SELECT '{"a": 1}', x ~ 'a{2}', '{other}', '$&' FROM {source}.t`, 's')).toBe(
    `SELECT '{"a": 1}', x ~ 'a{2}', '{other}', '$&' FROM s.t`,
  );
});

it.each([
  ['no account', null],
  ['neither zone nor currency', { name: 'Shop', timeZone: '', currency: null }],
  ['what would end the text in SQL', { name: 'Shop', timeZone: `UTC'; --`, currency: `U'S` }],
])('with %s, the zone is UTC and the currency USD', (_what, told) => {
  expect(templateWords('gifts', { ads: { slug: 'meta', account: told } })).toMatchObject({
    'ads.zone': 'UTC',
    'ads.currency': 'USD',
  });
});
