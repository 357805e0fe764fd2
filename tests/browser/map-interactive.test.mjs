// The interactive map: nothing of it before it is asked for, nothing from elsewhere before that is asked for too; the list beside it says
// the same; fingers and keyboards reach all of it.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { browser, build, copySite, fileOf, files, nu, pages, root, serve, smallSite, temporary, vitrine } from './portal.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const tiles = 'https://data.geopf.fr';
const picture = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGP4//8/AAX+Av4N70a4AAAAAElFTkSuQmCC', 'base64');
const read = (dir, file) => readFileSync(path.join(dir, file), 'utf8');
const far = (a, b) => Math.hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);

/** The demonstration with contours: Est Cantal in two intercommunalités, four towns each, crooked borders that neighbours share. */
function contoured() {
  const site = copySite(root);
  const at = (x, y) => [3 + x * 0.12 + (y % 2 ? 0.01 : 0) + x * y * 0.003, 44.85 + y * 0.12 + (x % 2 ? 0.012 : 0)];
  const between = (a, b) => {
    const line = [];
    for (let i = 0; i < 16; i++) line.push([a[0] + (b[0] - a[0]) * i / 16 + (i % 2 ? 0.0004 : 0), a[1] + (b[1] - a[1]) * i / 16 + (i % 3 && i ? 0.0003 : 0)].map((v) => +v.toFixed(6)));
    return line;
  };
  const edge = (a, b) => (a[0] + a[1] < b[0] + b[1] ? between(a, b) : [a, ...between(b, a).slice(1).reverse()].map((p) => p.map((v) => +v.toFixed(6))));
  const features = [];
  for (let x = 0; x < 4; x++) {
    for (let y = 0; y < 2; y++) {
      const ring = [...edge(at(x, y), at(x + 1, y)), ...edge(at(x + 1, y), at(x + 1, y + 1)), ...edge(at(x + 1, y + 1), at(x, y + 1)), ...edge(at(x, y + 1), at(x, y))];
      features.push({ type: 'Feature', properties: { code: `1500${x}${y}`, epci: x < 2 ? '200066660' : '200066637' }, geometry: { type: 'Polygon', coordinates: [[...ring, ring[0]]] } });
    }
  }
  mkdirSync(path.join(site, 'assets'), { recursive: true });
  writeFileSync(path.join(site, 'assets/contours.geojson'), JSON.stringify({ type: 'FeatureCollection', features }));
  writeFileSync(path.join(site, 'content/site.yaml'), `${read(site, 'content/site.yaml').trimEnd()}\ncontours: contours.geojson\ncontours_source: "Contours inventés"\n`);
  return build(site);
}

assert.ok(existsSync(path.join(root, 'themes/portail/assets/vendor/leaflet.js')), 'make vendor');
const demonstration = build(root);
const outlined = contoured();
const place = '/carte/est-cantal/';
const points = (dir, url) => JSON.parse(read(dir, `${url.slice(1)}lieux.geojson`)).features.filter((f) => f.geometry.type === 'Point');

/** A page with the map of `url`, closed; every request and what the console says are kept. The tiles' host is played here. */
async function visit(dir, url, options = {}, after) {
  const server = await serve(dir);
  const chromium = await browser();
  const context = await chromium.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const seen = { requests: [], faults: [] };
  page.on('request', (r) => seen.requests.push(r.url()));
  page.on('console', (m) => { const said = `console ${m.type()}: ${m.text()}`; if (!seen.faults.includes(said)) seen.faults.push(said); });
  page.on('pageerror', (e) => seen.faults.push(`error: ${e.message}`));
  await context.route((u) => u.origin !== server.origin, (route) => (route.request().url().startsWith(`${tiles}/`)
    ? route.fulfill({ contentType: 'image/png', body: picture }) : route.abort()));
  const foreign = () => [...new Set(seen.requests.filter((u) => !u.startsWith(server.origin) && !u.startsWith('data:')).map((u) => new URL(u).origin))];
  await page.goto(server.origin + url, { waitUntil: 'networkidle' });
  try {
    await after({ page, seen, foreign, server, context });
  } finally {
    await chromium.close();
    server.close();
  }
}

/** No marker has moved for a quarter of a second. */
async function still(page) {
  await page.evaluate(() => { delete globalThis.before; });
  await page.waitForFunction(() => {
    const now = [...document.querySelectorAll('.vive-repere')].map((e) => e.getBoundingClientRect()).map((r) => `${r.x} ${r.y}`).join();
    const same = now === globalThis.before;
    globalThis.before = now;
    return same && !document.querySelector('.leaflet-zoom-anim');
  }, undefined, { polling: 250 });
}

async function open(page) {
  await page.click('#ouvrir-atlas');
  await page.waitForSelector('.vive-repere');
  await still(page);
}

/** How many places each marker stands for. */
const held = (page) => page.locator('.vive-repere').evaluateAll((l) => l.map((e) => (e.classList.contains('vive-grappe') ? Number(e.textContent) : 1)));
const sum = (l) => l.reduce((n, x) => n + x, 0);
const active = (page) => page.evaluate(() => { const e = document.activeElement; return e.getAttribute('aria-label') || e.id || e.textContent.trim(); });

test('before the button nothing of the map is asked for; after it, nothing from elsewhere', () => visit(demonstration, place, {}, async ({ page, seen, foreign, server }) => {
  const ofMap = (u) => /leaflet|atlas|lieux\.geojson/.test(u);
  assert.deepEqual(seen.requests.filter(ofMap), []);
  const scripts = seen.requests.filter((u) => /\.m?js$/.test(u)).map((u) => new URL(u).pathname);
  assert.deepEqual(scripts.map((s) => s.replace(/\.\w{8}\./, '.')), ['/assets/portail.js'], 'what waits for the click is in the script of every page');
  assert.ok(gzipSync(readFileSync(path.join(demonstration, scripts[0]))).length <= 2048, 'and small');
  await open(page);
  assert.deepEqual(seen.requests.filter(ofMap).map((u) => u.slice(server.origin.length).replace(/\.[0-9a-f]{8}\./, '.')).sort(),
    ['/assets/atlas.css', '/assets/atlas.js', '/assets/vendor/leaflet.css', '/assets/vendor/leaflet.js', `${place}lieux.geojson`]);
  assert.deepEqual(foreign(), []);
  assert.equal(sum(await held(page)), points(demonstration, place).length, 'every place is on the map');
  assert.deepEqual(seen.faults, [], 'a silent console: the policy was never broken');
}));

test('the background: one supplier, named, when it is asked for; remembered only when that is asked for', () => visit(demonstration, place, {}, async ({ page, seen, foreign, context, server }) => {
  await open(page);
  const kept = () => page.evaluate(() => JSON.stringify(localStorage));
  const button = page.locator('[data-fond]');
  assert.match(await button.textContent(), /IGN \(data\.geopf\.fr\)/);
  assert.match(await page.locator('#vive-avis').textContent(), /data\.geopf\.fr.*adresse IP.*IGN/);
  await button.click();
  await page.waitForSelector('.vive-images img');
  assert.deepEqual(foreign(), [tiles]);
  const asked = new URL(seen.requests.find((u) => u.startsWith(tiles)));
  assert.match(asked.search, /TILEMATRIX=\d+&TILEROW=\d+&TILECOL=\d+$/);
  assert.ok(await page.locator('.vive-mention').isVisible(), 'the supplier’s mention stands on the map');
  assert.equal(await kept(), '{}');
  const before = seen.requests.length;
  await button.click();
  assert.equal(await page.locator('.vive-images').count(), 0);
  await page.reload({ waitUntil: 'networkidle' });
  await open(page);
  await page.waitForTimeout(300);
  assert.deepEqual(seen.requests.slice(before).filter((u) => u.startsWith(tiles)), [], 'not remembered');
  await page.check('[data-retenir]');
  await page.waitForTimeout(100);
  assert.equal(await kept(), '{}', 'a box alone keeps nothing');
  await page.click('[data-fond]');
  assert.equal(await kept(), '{"vitrine.fond":"data.geopf.fr"}');
  const again = await context.newPage();
  const late = [];
  again.on('request', (r) => late.push(r.url()));
  await again.goto(server.origin + place, { waitUntil: 'networkidle' });
  assert.ok(!late.some((u) => u.startsWith(tiles)), 'not before the map is opened');
  await open(again);
  await again.waitForSelector('.vive-images img');
  await again.click('[data-fond]');
  assert.equal(await again.evaluate(() => JSON.stringify(localStorage)), '{}', 'hidden is forgotten');
  assert.deepEqual(seen.faults, []);
}));

test('two portals of one host: what was agreed to in one is not agreed to in the other', async () => {
  const server = await serve(build(root, '--base-url', 'https://exemple.fr/portail/'), '/portail'), chromium = await browser(), context = await chromium.newContext(), page = await context.newPage();
  const asked = [];
  await context.route(`${tiles}/**`, (r) => { asked.push(r.request().url()); return r.fulfill({ contentType: 'image/png', body: picture }); });
  await page.goto(server.origin + '/portail/contact/');
  await page.evaluate(() => { localStorage['vitrine.fond'] = 'data.geopf.fr'; localStorage['vitrine.fond/autre'] = 'data.geopf.fr'; });
  await page.goto(server.origin + '/portail' + place, { waitUntil: 'networkidle' });
  await open(page);
  await page.waitForTimeout(300);
  assert.deepEqual(asked, [], 'the other portal’s choice');
  await page.check('[data-retenir]');
  await page.click('[data-fond]');
  await page.waitForSelector('.vive-images img');
  assert.equal(await page.evaluate(() => localStorage['vitrine.fond/portail']), 'data.geopf.fr');
  await page.reload({ waitUntil: 'networkidle' });
  await open(page);
  await page.waitForSelector('.vive-images img');
  await page.click('[data-fond]');
  assert.deepEqual(await page.evaluate(() => Object.keys(localStorage).sort()), ['vitrine.fond', 'vitrine.fond/autre']);
  await chromium.close();
  server.close();
});

test('by keyboard: open, walk, read, zoom, close, and the focus comes back', () => visit(demonstration, place, {}, async ({ page }) => {
  const key = (k) => page.keyboard.press(k);
  await page.locator('#ouvrir-atlas').focus();
  await key('Enter');
  await page.waitForSelector('.vive-repere');
  const centre = () => page.locator('.leaflet-map-pane').evaluate((e) => e.style.transform);
  const settle = () => page.waitForTimeout(500);
  assert.match(await active(page), /^Carte/, 'the focus is on the map');
  const start = await centre();
  await key('ArrowRight');
  await settle();
  assert.notEqual(await centre(), start, 'an arrow moves it');
  await key('ArrowLeft');
  await settle();
  await key('Tab');
  const labels = await page.locator('.vive-repere').evaluateAll((l) => l.map((e) => e.getAttribute('aria-label')));
  assert.equal(await active(page), labels[0], 'then the first marker');
  const numbers = labels.map((l) => /^(\d+), /.exec(l)?.[1]).filter(Boolean).map(Number);
  assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b), 'markers in the order of the list');
  const moved = await centre();
  await key('ArrowDown');
  await settle();
  assert.notEqual(await centre(), moved, 'an arrow on a marker moves the map');
  assert.equal(await active(page), labels[0]);
  const count = (await held(page)).length;
  await key('+');
  await settle();
  assert.notEqual((await held(page)).length, count, '+ takes groups apart');
  await key('-');
  await settle();
  const single = page.locator('.vive-repere:not(.vive-grappe)').first();
  const label = await single.getAttribute('aria-label');
  await single.focus();
  await settle();
  for (const opener of ['Enter', ' ']) {
    await key(opener);
    await page.waitForSelector('[role=dialog]');
    assert.equal(`${label.split(', ')[0]}, ${await active(page)}`, label.split(', ').slice(0, 2).join(', '), 'the focus is in what opened');
    await key('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.tagName), 'A');
    await key('Escape');
    await page.waitForSelector('[role=dialog]', { state: 'detached' });
    assert.equal(await active(page), label, 'and back on its marker');
  }
  const sizes = await page.locator('.vive-grappe').allTextContents();
  const group = page.locator('.vive-grappe').nth(sizes.indexOf(String(Math.max(...sizes.map(Number)))));
  await group.focus();
  await key('Enter');
  await settle();
  assert.ok(await page.evaluate(() => document.activeElement.classList.contains('vive-repere')), 'a group taken apart leaves the focus on a marker');
  await page.locator('[data-simple]').focus();
  await key('Enter');
  assert.equal(await active(page), 'ouvrir-atlas');
  assert.equal(await page.locator('.vive').count(), 0);
  assert.ok(await page.locator('.atlas').isVisible(), 'the drawn map is back');
}));

test('layers and filters: the map and the list hide the same', () => visit(demonstration, '/carte/', {}, async ({ page }) => {
  await open(page);
  const all = points(demonstration, '/carte/').map((f) => ({ n: f.id, ...f.properties }));
  const listed = () => page.locator('.liste-carte li').evaluateAll((l) => l.filter((e) => e.checkVisibility()).map((e) => Number(e.id.slice(5))));
  const agree = async (wanted, what) => {
    await page.waitForTimeout(400);
    assert.deepEqual(await listed(), wanted.map((l) => l.n), `the list: ${what}`);
    assert.equal(sum(await held(page)), wanted.length, `the map: ${what}`);
    assert.match(await page.locator('[data-dit]').textContent(), wanted.length > 1 ? new RegExp(`^${wanted.length} lieux`) : wanted.length ? /^Un lieu/ : /^Aucun/);
  };
  await agree(all, 'everything');
  await page.uncheck('.v-etablissements');
  await page.uncheck('.v-sites_touristiques');
  const layers = all.filter((l) => !['etablissements', 'sites_touristiques'].includes(l.couche));
  await agree(layers, 'two layers away');
  await page.selectOption('[data-filtre=territoires]', 'est-cantal');
  const there = layers.filter((l) => l.territoires.includes('est-cantal'));
  assert.ok(there.length > 3 && there.length < layers.length);
  await agree(there, 'one territory');
  const profession = there.find((l) => l.profession).profession;
  await page.selectOption('[data-filtre=profession]', profession);
  const narrow = there.filter((l) => !l.profession || l.profession === profession);
  assert.ok(narrow.length < there.length);
  await agree(narrow, 'and one profession');
  while (await page.locator('.couches input:checked').count()) await page.locator('.couches input:checked').first().uncheck();
  await agree([], 'nothing');
  await page.check('.v-etablissements');
  await page.click('[data-simple]');
  assert.equal((await listed()).length, all.filter((l) => l.couche === 'etablissements').length, 'closed, the list is whole but for the layers');
}));

test('groups: no two markers nearer than a finger is wide, everybody in one of them, and none that cannot be opened', () => visit(demonstration, place, { viewport: { width: 360, height: 740 }, hasTouch: true }, async ({ page }) => {
  await open(page);
  const total = points(demonstration, place).length;
  for (let round = 0; round < 4; round++) {
    const boxes = (await Promise.all((await page.locator('.vive-repere').all()).map((m) => m.boundingBox()))).filter(Boolean);
    for (const [i, a] of boxes.entries()) {
      assert.ok(a.width >= 44 && a.height >= 44, `${a.width} × ${a.height}`);
      for (const b of boxes.slice(i + 1)) assert.ok(far(a, b) >= 44, `two markers ${far(a, b)} pixels apart`);
    }
    if (round === 0) assert.equal(sum(await held(page)), total);
    const group = page.locator('.vive-grappe').first();
    if (!await group.count()) break;
    await group.tap();
    await page.waitForTimeout(700);
    await still(page);
    if (await page.locator('[role=dialog]').count()) {
      assert.ok(await page.locator('[role=dialog] li').count() > 1, 'places at one spot are told one by one');
      break;
    }
  }
  const several = page.locator('[role=dialog] li button');
  await (await several.count() ? several : page.locator('.vive-repere:not(.vive-grappe)')).first().tap();
  await page.waitForSelector('[role=dialog] a');
}));

test('what lies nearest is told in kilometres as the crow flies, counted again here', () => visit(demonstration, place, {}, async ({ page }) => {
  await open(page);
  const all = points(demonstration, place);
  await page.locator('.vive-repere:not(.vive-grappe)').first().click();
  const title = (await page.locator('[role=dialog] a').textContent()).trim();
  const own = all.find((f) => f.properties.titre === title);
  assert.equal(await page.locator('[role=dialog] a').getAttribute('href'), own.properties.url);
  assert.ok((await page.locator('[role=dialog]').textContent()).includes(`${own.properties.type}, ${own.properties.commune}`), 'type and town');
  const km = ([lon, lat]) => {
    const r = Math.PI / 180, [x, y] = own.geometry.coordinates;
    const cos = Math.sin(lat * r) * Math.sin(y * r) + Math.cos(lat * r) * Math.cos(y * r) * Math.cos((lon - x) * r);
    return 6371.0088 * Math.acos(Math.min(1, cos));
  };
  const nearest = all.filter((f) => f !== own).map((f) => [f.properties.titre, km(f.geometry.coordinates), f.id]).sort((a, b) => Math.round((a[1] - b[1]) * 1e4) || a[2] - b[2]).slice(0, 5);
  const told = await page.locator('.vive-proches li').evaluateAll((l) => l.map((e) => [e.querySelector('button').textContent, Number(e.textContent.match(/à (\d+,\d)\u00a0km$/)[1].replace(',', '.'))]));
  assert.deepEqual(told.map((t) => t[0]), nearest.map((t) => t[0]));
  for (const [i, t] of told.entries()) assert.ok(Math.abs(t[1] - nearest[i][1]) <= 0.0501, `${t} for ${nearest[i]}`);
  assert.match(await page.locator('.vive-proches h3').textContent(), /à vol d’oiseau/);
  await page.locator('.vive-proches button').first().click();
  assert.equal((await page.locator('[role=dialog] a').textContent()).trim(), nearest[0][0], 'from one to the next');
  assert.equal(await page.locator('.liste-carte li.choisi a').textContent(), nearest[0][0], 'marked in the list');
}));

test('contours: intercommunalités by name, borders that neighbours share, their source under the map', () => visit(outlined, place, {}, async ({ page, seen }) => {
  const { features } = JSON.parse(read(outlined, `${place.slice(1)}lieux.geojson`));
  const outlines = features.filter((f) => f.geometry.type === 'MultiPolygon'), inside = features.filter((f) => f.geometry.type === 'MultiLineString');
  assert.deepEqual(outlines.map((f) => f.properties.nom).sort(), ['Hautes Terres Communauté', 'Saint-Flour Communauté']);
  assert.equal(inside.length, 1);
  const segments = new Map();
  for (const [i, f] of outlines.entries()) {
    for (const ring of f.geometry.coordinates.flat()) {
      assert.deepEqual(ring[0], ring.at(-1), 'closed');
      for (let k = 1; k < ring.length; k++) segments.set(`${ring[k - 1]} ${ring[k]}`, i);
    }
  }
  const shared = [...segments].filter(([s]) => segments.has(s.split(' ').reverse().join(' ')));
  assert.ok(shared.length >= 4 && shared.length < segments.size, 'the border of the two is the same line, the other way round');
  await open(page);
  assert.equal(await page.locator('path.vive-contour').count(), 2);
  assert.equal(await page.locator('path.vive-limite').count(), 1);
  assert.match(await page.locator('main').textContent(), /Contours\u00a0: Contours inventés/);
  assert.deepEqual(seen.faults, []);
}));

for (const [width, scheme, forced] of [[360, 'light', 'none'], [1280, 'dark', 'none'], [1280, 'light', 'active']]) {
  test(`axe and sizes at ${width}, ${scheme}, forced colours ${forced}`, () => visit(outlined, place,
    { viewport: { width, height: 800 }, colorScheme: scheme, forcedColors: forced, bypassCSP: true, hasTouch: width < 500 }, async ({ page }) => {
      await open(page);
      await page.click('[data-fond]');
      const look = async (what) => {
        await page.evaluate(axe);
        const found = await page.evaluate(() => window.axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
          .then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160))}`)));
        assert.deepEqual(found, [], what);
        const small = await page.locator('.vive :is(button, select, a, label:has(input), [role=button])').evaluateAll((l) => l.filter((e) => e.checkVisibility())
          .map((e) => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()]).filter(([, r]) => r.height < 43.5 || r.width < 43.5).map(([h, r]) => `${h} ${r.width} × ${r.height}`));
        assert.deepEqual(small, [], `${what}: 44 pixels to touch`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${what}: no sideways scrolling`);
      };
      await look('open');
      await page.locator('[data-fond]').click();
      const single = page.locator('.vive-repere:not(.vive-grappe)'), opened = page.locator('[role=dialog]');
      for (let i = 0; i < 5 && !await single.count() && !await opened.count(); i++) {
        await page.locator('.vive-grappe').first().click();
        await page.waitForTimeout(600);
      }
      if (!await opened.count()) await single.first().click();
      await opened.waitFor();
      await look('with a place opened');
    }));
}

test('a map that cannot be loaded says so and leaves the drawn one', () => visit(demonstration, place, {}, async ({ page, context }) => {
  await context.route(/lieux\.geojson/, (route) => route.abort());
  await page.click('#ouvrir-atlas');
  await page.waitForFunction(() => document.querySelector('#ouvrir-atlas + [role=status]').textContent.includes('carte simple'));
  assert.ok(await page.locator('.atlas').isVisible() && await page.locator('#ouvrir-atlas').isVisible());
  await context.unroute(/lieux\.geojson/);
  await open(page);
  assert.equal(await page.locator('#ouvrir-atlas + [role=status]').textContent(), '');
}));

// --- what servers are told ---

/** The policy of an address by each of the three files. */
function policies(dir, url) {
  const headers = {};
  let rule;
  for (const line of read(dir, '_headers').split('\n')) {
    if (/^\S/.test(line)) rule = new RegExp(`^${line.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace('*', '.*')}$`);
    else if (rule?.test(url) && /Content-Security-Policy:/.test(line)) headers._headers = line.split('Policy: ')[1];
  }
  const last = (text, pattern, where, value) => {
    let found = text.match(value)[1];
    for (const [, re, block] of text.matchAll(pattern)) if (new RegExp(re).test(url) && where.test(block)) found = block.match(where)[1];
    return found;
  };
  headers.htaccess = last(read(dir, '.htaccess'), /<If "%\{REQUEST_URI\} =~ m#(.*?)#">([\s\S]*?)<\/If>/g, /Content-Security-Policy "(.*)"/, /Content-Security-Policy "(.*)"/);
  const nginx = files(dir).find((f) => /nginx.*\.conf$/.test(f)) ?? '.vitrine-nginx.conf';
  headers.nginx = last(read(dir, nginx), /if \(\$uri ~ "(.*?)"\) \{([\s\S]*?)\n\}/g, /vitrine_content_security_policy "(.*)"/, /set \$vitrine_content_security_policy "(.*)"/);
  return headers;
}
const images = (policy) => policy.match(/img-src ([^;]*)/)[1];

test('only pages with a map may ask the supplier, for pictures alone: _headers, .htaccess, nginx', () => {
  for (const url of pages(demonstration)) {
    const map = /^\/carte\//.test(url);
    for (const [file, policy] of Object.entries(policies(demonstration, url))) {
      assert.equal(images(policy), map ? `'self' ${tiles}` : "'self'", `${url} by ${file}`);
      assert.equal(policy.split('https:').length, map ? 2 : 1, `${url} by ${file}: ${policy}`);
    }
  }
});

/** The small portal with this background; what a build says of it. */
function withBackground(setting, more = '') {
  const site = smallSite(false), out = path.join(temporary(), 'public');
  writeFileSync(path.join(site, 'content/site.yaml'), `${read(site, 'content/site.yaml').trimEnd()}\n${setting ? `fond_de_carte: ${setting}\n` : ''}${more}`);
  const { status, stderr } = spawnSync(vitrine, ['build', '-C', site, '-o', out, '--no-sync'], { encoding: 'utf8' });
  return { status, said: stderr, out };
}

test('another supplier: its host is the one in the policy, its name in the button and on the page of personal data', () => {
  const { status, out, said } = withBackground('{nom: Tuiles du Pays, url: "https://tuiles.exemple.fr/plan/{z}/{x}/{y}.png", attribution: "© Tuiles du Pays", zoom_max: 17}');
  assert.equal(status, 0, said);
  for (const policy of Object.values(policies(out, '/carte/'))) assert.equal(images(policy), "'self' https://tuiles.exemple.fr");
  const page = read(out, 'carte/index.html');
  assert.match(page, /Afficher le fond de carte Tuiles du Pays \(tuiles\.exemple\.fr\)/);
  assert.ok(!page.includes('geopf'));
  assert.match(read(out, 'donnees-personnelles/index.html'), /tuiles\.exemple\.fr\. Ce fournisseur \(Tuiles du Pays\) reçoit alors votre adresse IP/);
  assert.match(read(demonstration, 'donnees-personnelles/index.html'), /data\.geopf\.fr\. Ce fournisseur \(IGN\)/);
});

test('a host without headers: the page itself carries the policy', () => {
  const { out } = withBackground('', 'en_tetes_du_serveur: non\n');
  assert.match(read(out, 'carte/index.html'), /http-equiv="Content-Security-Policy" content="[^"]*img-src (&#39;|')self(&#39;|') https:\/\/data\.geopf\.fr;/);
  assert.doesNotMatch(read(out, 'index.html'), /geopf/);
});

test('no background wanted: no choice, no host anywhere', () => {
  const { out } = withBackground('{proposer: non}');
  assert.match(read(out, 'carte/index.html'), /id="ouvrir-atlas"/);
  for (const f of ['carte/index.html', '_headers', '.htaccess', 'donnees-personnelles/index.html']) assert.doesNotMatch(read(out, f), /geopf|data-fond/, f);
});

for (const [what, setting, told] of [
  ['no https', '{nom: A, attribution: A, url: "http://a.exemple.fr/{z}/{x}/{y}.png"}', /https:/],
  ['several hosts', '{nom: A, attribution: A, url: "https://{s}.exemple.fr/{z}/{x}/{y}.png"}', /serveur/],
  ['a host that would end the policy', '{nom: A, attribution: A, url: "https://a.exemple.fr;script-src/{z}/{x}/{y}.png"}', /serveur/],
  ['a name before the host', '{nom: A, attribution: A, url: "https://moi@a.exemple.fr/{z}/{x}/{y}.png"}', /serveur/],
  ['a place missing', '{nom: A, attribution: A, url: "https://a.exemple.fr/{z}/{x}.png"}', /\{y\}/],
  ['a place too many', '{nom: A, attribution: A, url: "https://a.exemple.fr/{z}/{x}/{y}{r}.png"}', /pas d’autre/],
  ['nobody named', '{url: "https://a.exemple.fr/{z}/{x}/{y}.png"}', /nom de son fournisseur/],
  ['a name alone', '{nom: A}', /sans adresse/],
]) {
  test(`a background that cannot be: ${what}`, () => {
    const { status, said, out } = withBackground(setting);
    assert.equal(status, 1, said);
    assert.match(said, /content\/site\.yaml:\d+:\d+: erreur/);
    assert.match(said, told);
    assert.ok(!existsSync(out), 'nothing is published');
  });
}

test('without the library: the drawn map alone, a note, no rule for the supplier', () => {
  const site = smallSite(false), out = path.join(temporary(), 'public');
  rmSync(path.join(site, 'themes/portail/assets/vendor'), { recursive: true });
  const { status, stderr } = spawnSync(vitrine, ['build', '-C', site, '-o', out, '--no-sync'], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.match(stderr, /note: La carte interactive n’est pas proposée/);
  assert.doesNotMatch(read(out, 'carte/index.html'), /ouvrir-atlas|<template/);
  assert.doesNotMatch(read(out, '_headers'), /geopf/);
  assert.ok(!existsSync(path.join(out, 'carte/lieux.geojson')));
});

test('the pages with a map are valid', async () => {
  const [said] = await nu([[outlined, pages(outlined).filter((u) => /^\/carte\//.test(u)).map(fileOf)]]);
  assert.deepEqual(said, []);
});
