// Maps: what the eye needs (no name over another, none out of the frame, markers that a finger hits), and that the list says the same.
import test from 'node:test';
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { browser, build, change, copySite, pages, root, serve, smallSite } from './portal.mjs';

const demonstration = build(root);
const small = build(smallSite(false));
// Several territories have an index of their maps, whose own list no drawing stands beside.
const maps = (dir) => pages(dir).filter((url, _, all) => /^\/carte\//.test(url) && !(url === '/carte/' && all.some((u) => /^\/carte\/./.test(u))));

/** Boxes of names and markers, in pixels of the page, and the frame they lie in. */
function boxes() {
  const box = (e) => { const r = e.getBoundingClientRect(); return { text: e.textContent, x: r.x, y: r.y, right: r.right, bottom: r.bottom }; };
  const all = (selector) => [...document.querySelectorAll(selector)].map(box);
  return { names: all('.atlas .ville'), markers: all('.atlas a :is(rect, circle, path)'), frame: box(document.querySelector('.atlas svg')) };
}
const cross = (a, b) => a.x < b.right && b.x < a.right && a.y < b.bottom && b.y < a.bottom;
const inside = (a, f) => a.x >= f.x - 0.5 && a.y >= f.y - 0.5 && a.right <= f.right + 0.5 && a.bottom <= f.bottom + 0.5;

for (const [name, dir] of [['the demonstration', demonstration], ['the small portal', small]]) {
  test(`${name}: names and markers keep clear of each other, and within the frame`, async () => {
    const site = await serve(dir);
    const chromium = await browser();
    const context = await chromium.newContext({ viewport: { width: 1280, height: 900 } });
    const page = await context.newPage();
    for (const url of maps(dir)) {
      await page.goto(site.origin + url);
      assert.equal(await page.locator('.atlas').count(), 1, url);
      for (const width of [320, 1280]) {
        await page.setViewportSize({ width, height: 900 });
        const { names, markers, frame } = await page.evaluate(boxes);
        for (const [i, a] of names.entries()) {
          assert.ok(inside(a, frame), `${url} at ${width}: « ${a.text} » leaves the frame`);
          for (const b of names.slice(i + 1)) assert.ok(!cross(a, b), `${url} at ${width}: « ${a.text} » covers « ${b.text} »`);
          for (const b of markers) assert.ok(!cross(a, b), `${url} at ${width}: « ${a.text} » lies on a marker`);
        }
        for (const [i, a] of markers.entries()) {
          assert.ok(inside(a, frame), `${url} at ${width}: a marker leaves the frame`);
          assert.ok(a.right - a.x >= 24 && a.bottom - a.y >= 23.5, `${url} at ${width}: a marker of ${a.right - a.x} by ${a.bottom - a.y} pixels`);
          for (const b of markers.slice(i + 1)) {
            const dx = (a.x + a.right - b.x - b.right) / 2, dy = (a.y + a.bottom - b.y - b.bottom) / 2;
            assert.ok(Math.hypot(dx, dy) > 24, `${url} at ${width}: two markers on one another`);
          }
        }
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${url} at ${width}: the page scrolls sideways`);
      }
    }
    await chromium.close();
    site.close();
  });

  test(`${name}: every marker is a link that the list has, under the same number`, async () => {
    const site = await serve(dir);
    const chromium = await browser();
    const context = await chromium.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    for (const url of maps(dir)) {
      await page.goto(site.origin + url);
      const drawn = await page.locator('.atlas a').evaluateAll((l) => l.map((a) => [a.querySelector('text').textContent, a.getAttribute('href')]));
      const listed = await page.locator('.liste-carte ol').evaluateAll((lists) => lists.flatMap((ol) =>
        [...ol.children].map((li, i) => [String(ol.start + i), li.querySelector('a').getAttribute('href')])));
      assert.deepEqual(drawn, listed, url);
      for (const box of await page.locator('.couches input').all()) await box.uncheck();
      assert.equal(await page.locator('.atlas a:visible').count(), 0, `${url}: every layer can be put away without JavaScript`);
    }
    await chromium.close();
    site.close();
  });
}

/** The rings and lines of a path, as lists of points. */
const lines = (d) => d.split(/(?=M)/).map((line) => {
  const [x, y, ...steps] = line.match(/-?\d+/g).map(Number);
  const points = [[x, y]];
  for (let i = 0; i < steps.length; i += 2) points.push([points.at(-1)[0] + steps[i], points.at(-1)[1] + steps[i + 1]]);
  return points;
});

/** The demonstration with two towns of Est Cantal side by side and one far away, under the codes and SIREN given. */
function outlined(properties, territory) {
  const site = copySite(root);
  const square = (x, y) => [[[x, y], [x + 0.2, y], [x + 0.2, y + 0.1], [x + 0.2, y + 0.2], [x, y + 0.2], [x, y + 0.1], [x, y]]];
  const feature = (own, geometry) => ({ type: 'Feature', properties: own, geometry });
  mkdirSync(path.join(site, 'assets'), { recursive: true });
  writeFileSync(path.join(site, 'assets/contours.geojson'), JSON.stringify({ type: 'FeatureCollection', features: [
    feature(properties[0], { type: 'Polygon', coordinates: square(3.0, 45.0) }),
    feature(properties[1], { type: 'MultiPolygon', coordinates: [square(3.2, 45.0)] }),
    feature({ code: '33058' }, { type: 'Polygon', coordinates: square(-0.7, 45.1) }), feature({ code: '15001' }, null)] }));
  if (territory) change(path.join(site, 'content/territoires/est-cantal.md'), /^communes_nombre:/m, `${territory}\ncommunes_nombre:`);
  writeFileSync(path.join(site, 'content/site.yaml'), readFileSync(path.join(site, 'content/site.yaml'), 'utf8').trimEnd() + '\ncontours: contours.geojson\n');
  const out = build(site);
  return (slug, name) => readFileSync(path.join(out, `carte/${slug}/index.html`), 'utf8').match(new RegExp(`<path class="${name}" d="([^"]*)"`))?.[1];
}

test('towns told by their codes: one outline around them, their common border inside it', () => {
  const drawn = outlined([{ code: '15187' }, { code: '15119' }], 'communes: ["15187", "15119"]');
  const outline = lines(drawn('est-cantal', 'contours')), inside = lines(drawn('est-cantal', 'limites'));
  assert.equal(outline.length, 1, 'two towns of nobody in particular make one');
  assert.equal(inside.length, 1);
  for (const end of [inside[0][0], inside[0].at(-1)]) assert.ok(outline[0].some((p) => String(p) === String(end)), 'the border ends on the outline');
  assert.equal(drawn('haute-gironde', 'contours'), undefined, 'a territory without codes has none');
});

test('towns told by the SIREN of their intercommunalité: each has its outline, and the two share a border', () => {
  const drawn = outlined([{ code: '15187', epci: '200066660' }, { code: '15119', epci: '200066637' }]);
  const outlines = lines(drawn('est-cantal', 'contours'));
  assert.equal(outlines.length, 2);
  const shared = outlines[0].filter(([x, y]) => outlines[1].some(([a, b]) => a === x && b === y));
  assert.ok(new Set(shared.map(String)).size >= 2, 'the same points on both sides');
  assert.equal(drawn('est-cantal', 'limites'), undefined);
});

test('a territory with more places than its map can hold: the list has them all, the map as many as it can, and says so', async () => {
  const site = smallSite(false);
  const model = readFileSync(path.join(site, 'content/etablissements/cabinet-saint-sernin.md'), 'utf8');
  for (let i = 0; i < 1500; i++) {
    const geo = `geo: {lat: ${(43.7 + (i % 50) / 250).toFixed(4)}, lon: ${(2.5 + Math.floor(i / 50) / 150).toFixed(4)}}`;
    writeFileSync(path.join(site, `content/etablissements/cabinet-${i}.md`),
      model.replace(/^titre: .*/m, `titre: Cabinet infirmier ${i}`).replace(/^geo: .*/m, geo).replace(/^telephone: .*\n/m, ''));
  }
  const html = readFileSync(path.join(build(site), 'carte/index.html'), 'utf8');
  const listed = new Set([...html.match(/<div class="prose liste-carte">[\s\S]*/)[0].matchAll(/<li id="lieu-\d+"><a href="([^"]*)"/g)].map((m) => m[1]));
  const drawn = [...html.matchAll(/<a class="c-\w+" href="([^"]*)" aria-label="(\d+),/g)];
  assert.ok(listed.size > 1500, `${listed.size} places in the list`);
  assert.ok(drawn.length >= 200 && drawn.length < listed.size, `${drawn.length} markers`);
  for (const [, href] of drawn) assert.ok(listed.has(href), `${href} is drawn and not listed`);
  assert.match(html, /<p class="discret">[^<]*\d+ autres lieux/, 'the page says how many the drawing leaves to the list');
});

test('a telephone shows a part of the picture, and is told so, with and without scripts; a wide screen shows all of it', async (t) => {
  const site = await serve(demonstration), chromium = await browser();
  t.after(() => Promise.all([chromium.close(), site.close()]));
  for (const javaScriptEnabled of [true, false]) {
    const page = await (await chromium.newContext({ viewport: { width: 360, height: 800 }, javaScriptEnabled })).newPage();
    await page.goto(site.origin + maps(demonstration)[0]);
    const wider = () => page.locator('.atlas').evaluate((e) => e.scrollWidth > e.clientWidth + 1);
    assert.equal(await wider(), true);
    assert.equal(await page.locator('.glisser').isVisible(), true);
    await page.setViewportSize({ width: 1280, height: 800 });
    assert.equal(await wider(), false);
    assert.equal(await page.locator('.glisser').isVisible(), false);
  }
});
