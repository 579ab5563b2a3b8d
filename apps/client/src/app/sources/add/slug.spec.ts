import { suggestedSlug, slugOf, slugPattern } from './slug';
import { checkBody, createBody, fileForm, nameOfFile } from './file-form';

describe('the name of a source in SQL', () => {
  it.each([
    ['Café Orders 2024', 'cafe_orders_2024'],
    ['  GA – main! ', 'ga_main'],
    ['2024 orders', 'orders'],
    ['Заказы', ''],
    ['x'.repeat(80), 'x'.repeat(60)],
  ])('%j becomes %j', (name, slug) => {
    expect(slugOf(name)).toBe(slug);
    if (slug) expect(slug).toMatch(slugPattern);
  });
});

describe('the form of a file source', () => {
  it('names a source after its file', () => {
    expect(nameOfFile('https://x.test/a/Daily%20orders_eu.csv.gz?v=2')).toBe('Daily orders eu');
    expect(nameOfFile('nonsense')).toBe('');
  });

  it('asks for a key only to update by it', () => {
    const form = fileForm();
    expect(form.hasError('keyNeeded')).toBe(false);
    form.controls.mode.setValue('upsert');
    expect(form.hasError('keyNeeded')).toBe(true);
    form.controls.key.setValue(['id']);
    expect(form.hasError('keyNeeded')).toBe(false);
  });

  it('tests the address alone, and creates with all that was chosen', () => {
    const form = fileForm();
    form.patchValue({
      url: ' https://x.test/a.json ',
      format: 'json',
      jsonPath: 'data.items',
      name: 'A',
      slug: 'a',
      key: ['id'],
      mode: 'upsert',
    });
    expect(checkBody(form)).toEqual({
      type: 'file',
      config: { url: 'https://x.test/a.json', format: 'json', jsonPath: 'data.items' },
    });
    expect(createBody(form)).toMatchObject({
      type: 'file',
      name: 'A',
      slug: 'a',
      schedule: { kind: 'interval', every: 60 },
      config: {
        url: 'https://x.test/a.json',
        format: 'json',
        jsonPath: 'data.items',
        key: ['id'],
        mode: 'upsert',
      },
    });
  });
});

describe('the name in SQL that is suggested for a source', () => {
  it.each([
    ['google-analytics', 'Harbor & Pine – US store (Sandbox)', 'ga_harbor_pine_us_store'],
    ['klaviyo', undefined, 'klaviyo'],
    ['google-ads', 'The Very Long Name of an Advertiser in Many Words', 'google_ads_the_very_long_name_of'],
    ['bigquery', 'x'.repeat(80), 'bigquery'],
  ])('is short: %s, %s → %s', (type, chosen, slug) => expect(suggestedSlug(type, chosen)).toBe(slug));
});
