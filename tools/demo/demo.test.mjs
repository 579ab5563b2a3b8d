import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, it } from 'node:test';

import { growing, isoDate, isoTime } from './datasets.mjs';
import { serveDemoFiles } from './file-server.mjs';
import { firstCount, nextCount, publishNext } from './published-file.mjs';

describe('the demo files', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'freshet-demo-'));
  const server = await serveDemoFiles({ folder, port: 0 });
  const lines = (name) => readFileSync(path.join(folder, name), 'utf8').trimEnd().split('\n');
  after(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  it('begin with the first 80 % of the dates', () => {
    for (const [name, dataset] of Object.entries(growing)) {
      const shown = lines(name).length / dataset.rows().length;
      assert.ok(shown > 0.7 && shown < 0.9, `${name} shows ${shown}`);
    }
  });

  it('spell dates as ISO 8601', () => {
    assert.equal(isoDate('Jan 1 2000'), '2000-01-01');
    assert.equal(isoTime('2001/01/01 06:55'), '2001-01-01T06:55:00');
    for (const line of lines('stocks.csv').slice(1)) assert.match(line, /^[A-Z]+,\d{4}-\d\d-01,[\d.]+$/);
  });

  it('answer 304 until a tick appends rows at the end', async () => {
    const url = `${server.url}/stocks.csv`;
    const first = await fetch(url);
    const before = await first.text();
    const again = () => fetch(url, { headers: { 'if-none-match': first.headers.get('etag') } });
    assert.equal((await again()).status, 304);
    const { added } = publishNext(folder, 'stocks.csv');
    const changed = await again();
    assert.equal(changed.status, 200);
    const text = await changed.text();
    assert.ok(text.startsWith(before));
    assert.equal(text.trimEnd().split('\n').length - before.trimEnd().split('\n').length, added);
  });

  it('answer If-Modified-Since when no entity tag is sent', async () => {
    const first = await fetch(`${server.url}/airports.csv`);
    await first.text();
    const again = await fetch(first.url, {
      headers: { 'if-modified-since': first.headers.get('last-modified') },
    });
    assert.equal(again.status, 304);
  });

  it('are the only ones served', async () => {
    for (const name of ['state.json', '..%2f..%2fpackage.json', 'flights-3m.parquet'])
      assert.equal((await fetch(`${server.url}/${name}`)).status, 404, name);
    assert.equal((await fetch(`${server.url}/stocks.csv`, { method: 'DELETE' })).status, 405);
  });

  it('start over after the last date', () => {
    assert.deepEqual(nextCount(100, 98, 7), { count: 100, startsOver: false });
    assert.deepEqual(nextCount(100, 100, 7), { count: firstCount(100), startsOver: true });
    const results = Array.from({ length: 60 }, () => publishNext(folder, 'weather.csv'));
    const over = results.findIndex(({ startsOver }) => startsOver);
    assert.ok(over > 30 && results[over].added < 0);
    assert.ok(results[over + 1].added > 0);
  });
});
