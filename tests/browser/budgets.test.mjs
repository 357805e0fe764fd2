// What a page weighs on the wire, as a host that compresses sends it: the first visit, without content images.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { browser, build, change, copySite, fileOf, files, pages, root, serve, watched } from './portal.mjs';

const kilo = 1024;
const budget = { bytes: 60 * kilo, requests: 8, script: 15 * kilo };
const compressed = (bytes) => gzipSync(bytes, { level: 6 }).length;
// These are compressed already: they travel as they are.
const asIs = /\.(woff2|png|jpe?g|webp|avif|gif)$/;

const out = build(root);
const first = (section) => '/' + files(out).find((f) => new RegExp(`^${section}/[^/]+/index\\.html$`).test(f)).replace('index.html', '');
const largest = pages(out).filter((url) => url !== '/404.html').map((url) => [compressed(readFileSync(path.join(out, fileOf(url)))), url]).sort((a, b) => b[0] - a[0])[0][1];
const looked = { home: '/', list: '/stages/', stage: first('stages'), offer: first('offres'), territory: first('territoires'), 'largest page': largest };

test('what is measured is what is there', () => {
  for (const url of Object.values(looked)) assert.ok(statSync(path.join(out, fileOf(url))).size > 5000, url);
});

for (const [name, url] of Object.entries(looked)) {
  test(`${name}: bytes, requests, scripts, nothing foreign, a silent console`, async (t) => {
    const server = await serve(out);
    const chromium = await browser();
    const { page, faults } = await watched(await chromium.newContext({ viewport: { width: 360, height: 640 } }), server.origin);
    const sent = [];
    page.on('response', (r) => sent.push(r));
    await page.goto(server.origin + url, { waitUntil: 'networkidle' });
    const parts = await Promise.all(sent.map(async (r) => {
      const body = await r.body();
      const file = new URL(r.url()).pathname;
      return { file, kind: r.request().resourceType(), size: asIs.test(file) ? body.length : compressed(body) };
    }));
    await chromium.close();
    server.close();
    const weighed = parts.filter((p) => !(p.kind === 'image' && asIs.test(p.file)));
    const sum = (list) => list.reduce((n, p) => n + p.size, 0);
    const bytes = sum(weighed), script = sum(weighed.filter((p) => p.kind === 'script'));
    t.diagnostic(`${url} ${(bytes / kilo).toFixed(1)} kB compressed (HTML ${(sum(weighed.filter((p) => p.kind === 'document')) / kilo).toFixed(1)}, `
      + `styles ${(sum(weighed.filter((p) => p.kind === 'stylesheet')) / kilo).toFixed(1)}, scripts ${(script / kilo).toFixed(1)}), ${parts.length} requests`);
    assert.ok(weighed.some((p) => p.kind === 'stylesheet') && weighed.some((p) => p.kind === 'script'), 'styles and script were loaded');
    assert.ok(bytes <= budget.bytes, `${bytes} bytes for ${url}: ${JSON.stringify(parts)}`);
    assert.ok(parts.length <= budget.requests, `${parts.length} requests for ${url}: ${parts.map((p) => p.file)}`);
    assert.ok(script <= budget.script, `${script} bytes of scripts`);
    assert.deepEqual(faults, []);
  });
}

// What the interactive map loads when it is asked for has a test of its own (map-interactive.test.mjs): no page asks for it.
const onDemand = /^assets\/(vendor\/|atlas\.)/;
// No page loads all of them; a portal online has its service worker, too.
test('all scripts and the style sheet of the portal are within their budgets', (t) => {
  const site = copySite(root);
  change(path.join(site, 'content/site.yaml'), /^en_ligne: non$/m, 'en_ligne: oui');
  const online = build(site), counted = files(online).filter((f) => !f.startsWith('admin/') && !onDemand.test(f));
  const sizes = (pattern) => counted.filter((f) => pattern.test(f)).map((f) => [f.replace(/^assets\/|\.\w{8,}(?=\.)/g, ''), compressed(readFileSync(path.join(online, f)))]);
  const sum = (list) => list.reduce((n, [, size]) => n + size, 0), scripts = sizes(/\.m?js$/), script = sum(scripts), style = sum(sizes(/(^|\/)style\.[^/]*\.?css$/));
  t.diagnostic(`scripts ${script} bytes (${scripts.map((s) => s.join(' ')).join(', ')}), style sheet ${(style / kilo).toFixed(1)} kB`);
  for (const name of ['sw.js', 'ouvrier.js', 'portail.js', 'recherche.js', 'moteur.js', 'selection.js']) assert.ok(scripts.some(([f]) => f === name), name);
  assert.ok(script > 0 && script <= budget.script, `${script} bytes of scripts`);
  assert.ok(style > 0 && style <= 14 * kilo, `${style} bytes of styles`);
});

test('on paper: a stage and an offer are one A4, a territory two', async (t) => {
  const server = await serve(out);
  const chromium = await browser();
  const page = await chromium.newPage();
  const sheets = async (url) => {
    await page.goto(server.origin + url);
    return (await page.pdf({ preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b/g).length;
  };
  const wrong = [];
  for (const url of pages(out)) {
    const section = url.match(/^\/(stages|offres|territoires)\/[^/]+\/$/)?.[1];
    if (!section) continue;
    const n = await sheets(url);
    if (n > (section === 'territoires' ? 2 : 1)) wrong.push(`${url}: ${n}`);
  }
  await chromium.close();
  server.close();
  assert.deepEqual(wrong, []);
});
