// Every page of every portal, as a checker sees it: valid, accessible, connected, nothing empty, nothing foreign.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { browser, build, everyPage, fileOf, files, nu, pages, redirects, root, serve, smallSite, temporary, watched } from './portal.mjs';

/** A list of faults that must be empty; all of them are told. */
const none = (faults) => assert.ok(faults.length === 0, `${faults.length} faults\n${faults.slice(0, 60).join('\n')}`);

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** name → [site, options, prefix, does axe look] */
const definitions = {
  demonstration: [() => root, [], '', true],
  'demonstration at 2026-11-21': [() => root, ['--date', '2026-11-21'], '', false],
  'demonstration at 2027-06-01': [() => root, ['--date', '2027-06-01'], '', false],
  'demonstration at 2029-01-01': [() => root, ['--date', '2029-01-01'], '', false],
  'demonstration under a sub-path': [() => root, ['--base-url', 'https://exemple.fr/portail/'], '/portail', false],
  'small portal without offers': [() => smallSite(false), [], '', true],
  'small portal with offers': [() => smallSite(true), [], '', true],
};
const portals = Object.entries(definitions).map(([name, [site, options, prefix, axe]]) => ({ name, out: build(site(), ...options), prefix, axe }));

// One run of Java for all pages of all portals, beside the browser; a page known to be wrong shows that it looks.
const faulty = temporary();
writeFileSync(path.join(faulty, 'index.html'), '<!doctype html><html lang="fr"><title>x</title><p><div></div></p><img src=x>');
const validity = nu([...portals.map((p) => p.out), faulty]);
validity.catch(() => {});

/** What a page holds, as its reader would meet it. */
const collect = () => {
  const visible = (e) => e.checkVisibility();
  const followsUp = (h) => {
    // Something must stand between a heading and the next of its level: the first node with content after it.
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    walker.currentNode = h;
    let n = walker.nextSibling();
    while (!n && walker.parentNode()) n = walker.nextSibling();
    for (; n; n = walker.nextNode()) {
      if (n.nodeType === 3 && n.data.trim()) return n.parentElement.closest('main, section.contact, nav') === h.closest('main, section.contact, nav');
      if (n.nodeType === 1 && n.matches('img, svg, input')) return true;
      if (n.nodeType === 1 && /^H[1-6]$/.test(n.tagName)) return Number(n.tagName[1]) > Number(h.tagName[1]);
    }
    return false;
  };
  const text = document.body.innerText;
  return {
    ids: [...document.querySelectorAll('[id]')].map((e) => e.id),
    canonical: document.querySelector('link[rel=canonical]')?.href,
    links: [...document.querySelectorAll('a[href], link[href]:not([rel=canonical]), img[src], script[src], use[href]')].map((e) => e.href?.baseVal ?? e.href ?? e.src)
      .map((h) => new URL(h, location.href).href),
    empty: [...document.querySelectorAll('main, section, article, aside, ul, ol, dl, dt, dd, table, tbody, nav, h1, h2, h3, h4, p, li, th, a, button, figure, time, strong')]
      .filter((e) => !e.textContent.trim() && !e.querySelector('img, svg, input, hr')).map((e) => e.outerHTML.slice(0, 120)),
    orphanHeadings: [...document.querySelectorAll('h1, h2, h3, h4')].filter(visible).filter((h) => !followsUp(h)).map((h) => h.outerHTML.slice(0, 120)),
    // Signs of a template that printed what it should not, and of a sentence that lost a word.
    leaks: (text.match(/.{0,20}(?:\{\{|\}\}|\{%|\bnil\b|\bundefined\b|\bNaN\b|\buserdata\b|table: 0x|\{[a-z_]+\}).{0,20}/g) || [])
      .concat(text.match(/.{0,20}(?:[ \t][,.](?=\s|$)|[^.]\.\.(?!\.)|,[,.]|\(\s|[ \t]\)|\(\)).{0,20}/gm) || []),
    // A session that has begun before the day of the build cannot be chosen any more.
    late: [...document.querySelectorAll('.sessions > li')].map((e) => e.textContent.replace(/\s+/g, ' ')).filter((s) => /Choix (ouvert|à venir)/.test(s)).filter((s) => {
      const months = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'];
      const [, month, year] = s.match(/(\p{L}+) (\d{4})/u);
      const begins = `${year}-${String(months.indexOf(month.toLowerCase()) + 1).padStart(2, '0')}-01`;
      return begins < document.querySelector('footer time').dateTime;
    }),
    // Every page leads on, beyond the menu and the foot that all share.
    waysOn: document.querySelectorAll('main a[href], section.contact a[href]').length,
    overflow: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    title: document.title,
    description: document.querySelector('meta[name=description]')?.content,
    lang: document.documentElement.lang,
    h1: document.querySelectorAll('h1').length,
  };
};

function problemsOf(seen) {
  return [
    ...seen.empty.map((e) => `empty ${e}`), ...seen.orphanHeadings.map((e) => `nothing under ${e}`), ...seen.leaks.map((e) => `odd text: ${e}`), ...seen.late.map((e) => `too late to choose: ${e}`),
    ...(seen.overflow ? ['scrolls sideways at 320 px'] : []), ...(seen.h1 !== 1 ? [`${seen.h1} h1`] : []), ...(seen.lang ? [] : ['no lang']),
    ...(seen.description ? [] : ['no description']), ...(seen.waysOn ? [] : ['a dead end']),
  ];
}

/** The problem of a link, or null. Links to the portal's public address are followed on the server under test. */
function linkProblem(link, { base, origin, prefix, published, ids }) {
  let url = new URL(link);
  if (link === base || link.startsWith(base + '/')) url = new URL(origin + prefix + link.slice(base.length));
  if (url.origin !== origin) return null;
  if (!url.pathname.startsWith(prefix + '/')) return `leaves the sub-path: ${link}`;
  const pathname = decodeURIComponent(url.pathname.slice(prefix.length));
  if (!published.has(fileOf(pathname))) return `dead link ${link}`;
  if (url.hash && ids.has(pathname) && !ids.get(pathname).has(decodeURIComponent(url.hash.slice(1)))) return `no anchor ${link}`;
  return null;
}

async function crawl(chromium, { out, prefix }, server) {
  const context = await chromium.newContext({ viewport: { width: 320, height: 640 } });
  const ids = new Map(), titles = new Map(), wanted = new Map(), canonical = [], problems = [], watches = [];
  await everyPage(pages(out), 2, async () => {
    const w = await watched(context, server.origin);
    watches.push(w);
    return w.page;
  }, async (url, page) => {
    const response = await page.goto(server.origin + prefix + url);
    assert.equal(response.status(), 200, url);
    const seen = await page.evaluate(collect);
    ids.set(url, new Set(seen.ids));
    canonical.push([seen.canonical, url]);
    for (const link of seen.links) wanted.set(link, wanted.get(link) || url);
    for (const p of problemsOf(seen)) problems.push(`${url}: ${p}`);
    if (titles.has(seen.title)) problems.push(`${url}: same title as ${titles.get(seen.title)}: ${seen.title}`);
    titles.set(seen.title, url);
  });
  await context.close();
  const base = readFileSync(path.join(out, 'index.html'), 'utf8').match(/rel="canonical" href="([^"]*)"/)[1].replace(/\/$/, '');
  const site = { base, origin: server.origin, prefix, published: new Set(files(out)), ids };
  const addresses = [...wanted, ...canonical, ...redirects(out).map(([from, to]) => [new URL(to, server.origin).href, from])];
  for (const [link, from] of addresses) {
    const problem = linkProblem(link, site);
    if (problem) problems.push(`${from}: ${problem}`);
  }
  const reached = new Set([...wanted.keys()].map((link) => fileOf(decodeURIComponent(new URL(link).pathname.slice(prefix.length)))));
  for (const url of ids.keys()) if (url !== '/404.html' && !reached.has(fileOf(url))) problems.push(`${url}: no page leads here`);
  return [...problems, ...watches.flatMap((w) => w.faults)];
}

/** A page for each layout in each palette: what a wider screen or the dark can change has been seen on one of them. */
function drawings(out) {
  const kinds = new Map();
  for (const url of pages(out)) {
    const palette = readFileSync(path.join(out, fileOf(url)), 'utf8').match(/<html[^>]* class="([^"]*)"/)[1];
    const kind = `${palette} ${url.replace(/^(\/.+\/)[^/]+\/$/, '$1*')}`;
    if (!kinds.has(kind)) kinds.set(kind, url);
  }
  return [...kinds.values()];
}

async function axe(chromium, addresses, server, width, colorScheme) {
  const context = await chromium.newContext({ viewport: { width, height: 800 }, colorScheme, bypassCSP: true });
  const found = [];
  await everyPage(addresses, 2, () => context.newPage(), async (url, page) => {
    await page.goto(server.origin + url);
    await page.evaluate(axeSource);
    const violations = await page.evaluate(async (options) => (await axe.run(document, options)).violations
      .map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} (${n.failureSummary})`).join(' | ')}`),
    { runOnly: rules, resultTypes: ['violations'] });
    for (const v of violations) found.push(`${url}: ${v}`);
  });
  await context.close();
  return found;
}

test('every page of every portal', async (t) => {
  const chromium = await browser();
  t.after(() => chromium.close());
  for (const portal of portals) {
    const server = await serve(portal.out, portal.prefix);
    await t.test(`${portal.name}: links, anchors, headings, titles, nothing empty or foreign, no message, no sideways scroll`, async () => {
      none(await crawl(chromium, portal, server));
    });
    if (portal.axe) {
      await t.test(`${portal.name}: axe at 360 px, every page`, async () => none(await axe(chromium, pages(portal.out), server, 360, 'light')));
      await t.test(`${portal.name}: axe at 1280 px, every drawing`, async () => none(await axe(chromium, drawings(portal.out), server, 1280, 'light')));
      await t.test(`${portal.name}: axe in the dark, every drawing`, async () => none(await axe(chromium, drawings(portal.out), server, 360, 'dark')));
    }
    server.close();
  }
});

test('Nu checker', async (t) => {
  const found = await validity;
  for (const [i, portal] of portals.entries()) await t.test(portal.name, () => none(found[i]));
  await t.test('sees what is wrong', () => assert.ok(found[portals.length].length >= 2));
});
