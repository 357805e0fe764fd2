// The portals as people meet them: every page valid, accessible, connected; the walk of a student with and without JavaScript.
import test from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { browser, build, copySite, files, nu, pages, root, serve, watched } from './portal.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const small = path.join(root, 'tests/sites/petite-cc');

function smallWithOffers() {
  const dir = copySite(small);
  cpSync(path.join(small, 'offres-en-plus'), path.join(dir, 'content/offres'), { recursive: true });
  return dir;
}

/** name → [site, options, prefix, widths at which axe looks at every page] */
const portals = {
  demonstration: [() => root, [], '', [360, 1280]],
  'demonstration at 2026-11-21': [() => root, ['--date', '2026-11-21'], '', []],
  'demonstration at 2027-06-01': [() => root, ['--date', '2027-06-01'], '', []],
  'demonstration at 2029-01-01': [() => root, ['--date', '2029-01-01'], '', []],
  'demonstration under a sub-path': [() => root, ['--base-url', 'https://exemple.fr/portail/'], '/portail', []],
  'small portal without offers': [() => copySite(small), [], '', [360, 1280]],
  'small portal with offers': [smallWithOffers, [], '', [360]],
};

/** References of a page, as the reader would follow them. */
const collect = () => ({
  ids: [...document.querySelectorAll('[id]')].map((e) => e.id),
  links: [...document.querySelectorAll('a[href], link[href], img[src], script[src], use[href]')].map((e) => e.href?.baseVal ?? e.href ?? e.src)
    .map((h) => new URL(h, location.href).href),
  empty: [...document.querySelectorAll('main, section, article, ul, ol, dl, table, tbody, nav, h1, h2, h3, h4, p, li, td, a, button')]
    .filter((e) => !e.textContent.trim() && !e.querySelector('img, svg, input, hr'))
    .map((e) => e.outerHTML.slice(0, 120)),
  orphanHeadings: [...document.querySelectorAll('h2, h3, h4')].filter((h) => {
    const next = h.nextElementSibling;
    const parentNext = h.parentElement?.matches('header, hgroup, a, summary, div') ? h.parentElement.nextElementSibling : null;
    if (!next) return !parentNext && !h.nextSibling?.textContent?.trim();
    return /^H[1-6]$/.test(next.tagName) && Number(next.tagName[1]) <= Number(h.tagName[1]);
  }).map((h) => h.outerHTML.slice(0, 120)),
  overflow: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  title: document.title,
  description: document.querySelector('meta[name=description]')?.content,
  lang: document.documentElement.lang,
  h1: document.querySelectorAll('h1').length,
});

for (const [name, [site, options, prefix, widths]] of Object.entries(portals)) {
  test(name, async (t) => {
    const out = build(site(), ...options);
    const server = await serve(out, prefix);
    const chromium = await browser();
    t.after(async () => { await chromium.close(); server.close(); });

    await t.test('Nu checker finds nothing', () => assert.deepEqual(nu(out), []));

    await t.test('every page: links lead somewhere, nothing is empty, no foreign request, no console message, no sideways scroll at 320 px', async () => {
      const context = await chromium.newContext({ viewport: { width: 320, height: 640 } });
      const { page, faults } = await watched(context, server.origin);
      const published = new Set(files(out).map((f) => '/' + f));
      const ids = new Map();
      const wanted = [];
      const problems = [];
      const titles = new Map();
      for (const url of pages(out)) {
        const response = await page.goto(server.origin + prefix + url);
        assert.equal(response.status(), 200, url);
        const seen = await page.evaluate(collect);
        ids.set(url, new Set(seen.ids));
        for (const link of seen.links) wanted.push([url, link]);
        for (const e of seen.empty) problems.push(`${url}: empty ${e}`);
        for (const e of seen.orphanHeadings) problems.push(`${url}: nothing under ${e}`);
        if (seen.overflow) problems.push(`${url}: scrolls sideways at 320 px`);
        if (seen.h1 !== 1) problems.push(`${url}: ${seen.h1} h1`);
        if (!seen.lang) problems.push(`${url}: no lang`);
        if (!seen.description) problems.push(`${url}: no description`);
        if (titles.has(seen.title)) problems.push(`${url}: same title as ${titles.get(seen.title)}: ${seen.title}`);
        titles.set(seen.title, url);
      }
      const base = options[0] === '--base-url' ? options[1] : readFileSync(path.join(out, 'index.html'), 'utf8').match(/rel="canonical" href="([^"]*)"/)[1];
      for (const [from, link] of wanted) {
        let url = new URL(link);
        if (link.startsWith(base.replace(/\/$/, '') + '/') || link === base) url = new URL(link.replace(base.replace(/\/$/, ''), server.origin + prefix));
        if (url.origin !== server.origin) continue;
        if (!url.pathname.startsWith(prefix + '/')) { problems.push(`${from}: leaves the sub-path: ${link}`); continue; }
        const pathname = decodeURIComponent(url.pathname.slice(prefix.length));
        const file = pathname.endsWith('/') ? pathname + 'index.html' : pathname;
        if (!published.has(file)) problems.push(`${from}: dead link ${link}`);
        else if (url.hash && ids.has(pathname) && !ids.get(pathname).has(decodeURIComponent(url.hash.slice(1)))) problems.push(`${from}: no anchor ${link}`);
      }
      await context.close();
      assert.deepEqual([...new Set(problems), ...faults], []);
    });

    for (const width of widths) {
      for (const scheme of ['light', 'dark']) {
        if (scheme === 'dark' && width !== 360) continue;
        await t.test(`axe finds nothing at ${width} px, ${scheme}`, async () => {
          const context = await chromium.newContext({ viewport: { width, height: 800 }, colorScheme: scheme, bypassCSP: true });
          const found = [];
          const queue = pages(out);
          const look = async () => {
            const page = await context.newPage();
            for (let url; (url = queue.shift());) {
              await page.goto(server.origin + prefix + url);
              await page.evaluate(axeSource);
              const violations = await page.evaluate(async () => (await axe.run(document, {
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
              })).violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(' ')).join(' | ')}`));
              for (const v of violations) found.push(`${url}: ${v}`);
            }
          };
          await Promise.all([look(), look()]);
          await context.close();
          assert.deepEqual(found, []);
        });
      }
    }
  });
}

test('a student walks: home → territory → stage → lodging → contact', async (t) => {
  const out = build(root);
  const server = await serve(out);
  const chromium = await browser();
  t.after(async () => { await chromium.close(); server.close(); });
  for (const javaScriptEnabled of [true, false]) {
    for (const width of [360, 1280]) {
      await t.test(`${javaScriptEnabled ? 'with' : 'without'} JavaScript at ${width} px`, async () => {
        const context = await chromium.newContext({ viewport: { width, height: 740 }, javaScriptEnabled });
        const { page, faults } = await watched(context, server.origin);
        await page.goto(server.origin + '/');
        const follow = async (selector) => {
          const link = page.locator(selector).first();
          await link.scrollIntoViewIfNeeded();
          const href = await link.getAttribute('href');
          await link.click();
          await page.waitForURL('**' + href.replace(/#.*/, '') + '**');
        };
        await follow('main a[href^="/territoires/"]');
        await follow('main a[href^="/stages/"]:not([href="/stages/"])');
        assert.ok(await page.locator('main a[href^="tel:"]').first().isVisible(), 'a stage page has a number to call');
        assert.ok(await page.locator('main a[href^="mailto:"]').first().isVisible(), 'a stage page has an address to write to');
        const withLodging = page.locator('main a[href^="/hebergements/"]:not([href="/hebergements/"])');
        if (!(await withLodging.count())) {
          const stage = files(out).find((f) => /^stages\/[^/]+\/index\.html$/.test(f) && /href="\/hebergements\/[a-z]/.test(readFileSync(path.join(out, f), 'utf8')));
          assert.ok(stage, 'at least one stage has a lodging');
          await page.goto(`${server.origin}/${stage.replace('index.html', '')}`);
        }
        await follow('main a[href^="/hebergements/"]:not([href="/hebergements/"])');
        await follow('a[href^="/contact/"]');
        assert.ok(await page.locator('main a[href^="tel:"]').first().isVisible());
        await context.close();
        assert.deepEqual(faults, []);
      });
    }
  }
});
