// Every page of every portal, as a checker sees it: valid, accessible, connected, nothing empty, nothing foreign.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { createRequire } from 'node:module';
import { browser, build, everyPage, fileOf, files, nu, pages, redirects, root, serve, smallSite, temporary, watched } from './portal.mjs';

/** A list of faults that must be empty; all of them are told. */
const none = (faults) => assert.ok(faults.length === 0, `${faults.length} faults\n${faults.slice(0, 100).map((f) => f.slice(0, 400)).join('\n')}`);

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
// One more than processors: this takes longer than all other suites, beside which it runs.
const tabs = availableParallelism() + 1;
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** name → [site, options, prefix, how a browser looks: at all, with axe, or only at what differs from the pages seen before] */
const definitions = {
  demonstration: [() => root, [], '', 'axe'],
  'demonstration at 2026-11-21': [() => root, ['--date', '2026-11-21'], '', 'new'],
  'demonstration at 2027-06-01': [() => root, ['--date', '2027-06-01'], '', 'new'],
  'demonstration at 2029-01-01': [() => root, ['--date', '2029-01-01'], '', 'new'],
  'demonstration under a sub-path': [() => root, ['--base-url', 'https://exemple.fr/portail/'], '/portail', 'new'],
  'small portal without offers': [() => smallSite(false), [], '', 'axe'],
  'small portal with offers': [() => smallSite(true), [], '', 'axe'],
};
const portals = Object.entries(definitions).map(([name, [site, options, prefix, look]]) => ({ name, out: build(site(), ...options), prefix, look }));

/** What a page says, but for the day of the build and the place of the portal. */
function saying(portal, url) {
  const html = readFileSync(path.join(portal.out, fileOf(url)), 'utf8').replace(/ data-jour="[^"]*"/, '').replace(/(la date du )<time[^>]*>[^<]*<\/time>/, '$1');
  return portal.prefix ? html.replaceAll('https://exemple.fr/portail/', 'https://soigner-ici.exemple.fr/').replace(/(["' (])\/portail\//g, '$1/') : html;
}
// The pages that say something no portal before said: the same page is not looked at again.
const said = new Set();
for (const portal of portals) {
  portal.fresh = pages(portal.out).filter((url) => { const s = url + saying(portal, url); return !said.has(s) && said.add(s); });
}

// One run of Java for all pages of all portals, beside the browser; a page known to be wrong shows that it looks.
const faulty = temporary();
writeFileSync(path.join(faulty, 'index.html'), '<!doctype html><html lang="fr"><title>x</title><p><div></div></p><img src=x>');
const validity = nu([...portals.map((p) => [p.out, p.fresh.map(fileOf)]), [faulty, ['index.html']]]);
validity.catch(() => {});

/** What a page holds: this page as it is drawn, or (given its source) a page that is only read. */
const collect = (source) => {
  const doc = source ? new DOMParser().parseFromString(source, 'text/html') : document;
  const visible = (e) => (source ? !e.closest('[hidden]') : e.checkVisibility());
  const followsUp = (h) => {
    // Something must stand between a heading and the next of its level: the first node with content after it.
    const walker = doc.createTreeWalker(doc.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
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
  const lines = () => {
    const body = doc.body.cloneNode(true);
    for (const e of body.querySelectorAll('script, style, svg, [hidden]')) e.remove();
    const words = doc.createTreeWalker(body, NodeFilter.SHOW_TEXT);
    while (words.nextNode()) words.currentNode.data = words.currentNode.data.replace(/[ \t\n]+/g, ' ');
    for (const e of body.querySelectorAll(':not(a, abbr, b, cite, code, em, i, mark, small, span, strong, sub, sup, time)')) { e.before('\n'); e.after('\n'); }
    return body.textContent;
  };
  const text = source ? lines() : doc.body.innerText;
  return {
    ids: [...doc.querySelectorAll('[id]')].map((e) => e.id),
    canonical: doc.querySelector('link[rel=canonical]')?.getAttribute('href'),
    links: [...doc.querySelectorAll('a[href], link[href]:not([rel=canonical]), img[src], script[src], use[href]')].map((e) => e.getAttribute('href') ?? e.getAttribute('src')),
    empty: [...doc.querySelectorAll('main, section, article, aside, ul, ol, dl, dt, dd, table, tbody, nav, h1, h2, h3, h4, p, li, th, a, button, figure, time, strong')]
      .filter((e) => !e.textContent.trim() && !e.querySelector('img, svg, input, hr')).map((e) => e.outerHTML.slice(0, 120)),
    orphanHeadings: [...doc.querySelectorAll('h1, h2, h3, h4')].filter(visible).filter((h) => !followsUp(h)).map((h) => h.outerHTML.slice(0, 120)),
    // Signs of a template that printed what it should not, and of a sentence that lost a word.
    leaks: (text.match(/.{0,20}(?:\{\{|\}\}|\{%|\bnil\b|\bundefined\b|\bNaN\b|\buserdata\b|table: 0x|\{[a-z_]+\}).{0,20}/g) || [])
      .concat(text.match(/.{0,20}(?:[ \t][,.](?=\s|$)|[^.]\.\.(?!\.)|,[,.]|\(\s|[ \t]\)|\(\)).{0,20}/gm) || []),
    sessions: [...doc.querySelectorAll('.sessions > li')].map((e) => e.textContent.replace(/\s+/g, ' ')),
    // Every page leads on, beyond the menu and the foot that all share.
    waysOn: doc.querySelectorAll('main a[href], section.contact a[href]').length,
    overflow: !source && document.documentElement.scrollWidth > document.documentElement.clientWidth,
    title: doc.title,
    description: doc.querySelector('meta[name=description]')?.content,
    lang: doc.documentElement.lang,
    h1: doc.querySelectorAll('h1').length,
  };
};

const months = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'];
/** A session that has begun before the day of the build cannot be chosen any more. */
const late = (sessions, day) => sessions.filter((s) => /Choix (ouvert|à venir)/.test(s)).filter((s) => {
  const [, month, year] = s.match(/(\p{L}+) (\d{4})/u);
  return `${year}-${String(months.indexOf(month.toLowerCase()) + 1).padStart(2, '0')}-01` < day;
});

function problemsOf(seen) {
  return [
    ...seen.empty.map((e) => `empty ${e}`), ...seen.orphanHeadings.map((e) => `nothing under ${e}`), ...seen.leaks.map((e) => `odd text: ${e}`),
    ...(seen.overflow ? ['scrolls sideways at 320 px'] : []), ...(seen.h1 !== 1 ? [`${seen.h1} h1`] : []), ...(seen.lang ? [] : ['no lang']),
    ...(seen.description ? [] : ['no description']), ...(seen.waysOn ? [] : ['a dead end']),
  ];
}

/** The problem of a link, or null. Links to the portal's public address are followed on the server under test. */
function linkProblem(link, { base, origin, prefix, published, ids }) {
  let url = new URL(link, origin);
  if (link === base || link.startsWith(base + '/')) url = new URL(origin + prefix + link.slice(base.length));
  if (url.origin !== origin) return null;
  if (!url.pathname.startsWith(prefix + '/')) return `leaves the sub-path: ${link}`;
  const pathname = decodeURIComponent(url.pathname.slice(prefix.length));
  if (!published.has(fileOf(pathname))) return `dead link ${link}`;
  if (url.hash && ids.has(pathname) && !ids.get(pathname).has(decodeURIComponent(url.hash.slice(1)))) return `no anchor ${link}`;
  return null;
}

/** Looks at the pages nobody has seen, reads the others, and asks of all what only a whole portal can answer. */
async function crawl(chromium, portal, server) {
  const { out, prefix } = portal, { origin } = server;
  const context = await chromium.newContext({ viewport: { width: 320, height: 640 }, bypassCSP: portal.look === 'axe' });
  if (portal.look === 'axe') await context.addInitScript(axeSource);
  const drawn = new Set(portal.look === 'axe' ? pages(out) : kinds(portal.fresh));
  const ids = new Map(), titles = new Map(), descriptions = new Map(), wanted = new Map(), problems = [], watches = [];
  const alone = (map, url, what, text) => { if (map.has(text)) problems.push(`${url}: same ${what} as ${map.get(text)}: ${text}`); map.set(text, url); };
  await everyPage(pages(out), tabs, async () => {
    const w = await watched(context, origin);
    await w.page.goto(`${origin}${prefix}/404.html`);
    watches.push(w);
    return w.page;
  }, async (url, page) => {
    const source = readFileSync(path.join(out, fileOf(url)), 'utf8');
    if (drawn.has(url)) assert.equal((await page.goto(origin + prefix + url)).status(), 200, url);
    const seen = await page.evaluate(collect, drawn.has(url) ? null : source);
    ids.set(url, new Set(seen.ids));
    for (const link of [...seen.links, seen.canonical]) { const to = new URL(link, origin + prefix + url).href; wanted.set(to, wanted.get(to) || url); }
    for (const p of problemsOf(seen)) problems.push(`${url}: ${p}`);
    for (const s of late(seen.sessions, source.match(/la date du <time datetime="([^"]*)"/)?.[1])) problems.push(`${url}: too late to choose: ${s}`);
    if (!url.startsWith('/embed/')) { // the same list, for the frame of another site
      alone(titles, url, 'title', seen.title);
      alone(descriptions, url, 'description', seen.description);
    }
    if (portal.look === 'axe') {
      await page.setViewportSize({ width: 360, height: 640 });
      for (const v of await axe(page)) problems.push(`${url}: ${v}`);
      await page.setViewportSize({ width: 320, height: 640 });
    }
  });
  await context.close();
  const base = readFileSync(path.join(out, 'index.html'), 'utf8').match(/rel="canonical" href="([^"]*)"/)[1].replace(/\/$/, '');
  const site = { base, origin, prefix, published: new Set(files(out)), ids };
  for (const [link, from] of [...wanted, ...redirects(out).map(([from, to]) => [new URL(to, origin).href, from])]) {
    const problem = linkProblem(link, site);
    if (problem) problems.push(`${from}: ${problem}`);
  }
  const reached = new Set([...wanted.keys()].filter((link) => link.startsWith(origin)).map((link) => fileOf(decodeURIComponent(new URL(link).pathname.slice(prefix.length)))));
  for (const url of ids.keys()) if (url !== '/404.html' && !reached.has(fileOf(url))) problems.push(`${url}: no page leads here`);
  return [...problems, ...watches.flatMap((w) => w.faults)];
}

const kind = (url) => url.replace(/^(\/.+\/)[^/]+\/$/, '$1*');
/** An address for each layout among `addresses`. */
const kinds = (addresses) => [...new Map([...addresses].reverse().map((url) => [kind(url), url])).values()];

/** A page for each layout in one palette after the other: what a wider screen, the dark or a palette can change has been seen on one of them. */
function drawings(out) {
  const palettes = new Map();
  for (const url of pages(out)) {
    const palette = readFileSync(path.join(out, fileOf(url)), 'utf8').match(/<html[^>]* class="([^"]*)"/)[1];
    palettes.set(palette, [...palettes.get(palette) ?? [], url]);
  }
  const all = [...palettes.values()].map((addresses) => kinds(addresses));
  const found = new Map();
  for (const addresses of all.flatMap((list, i) => [list.filter((_, n) => n % all.length === i), list])) for (const url of addresses) if (!found.has(kind(url))) found.set(kind(url), url);
  return [...found.values()];
}

/** What axe has against the page as it stands. */
async function axe(page) {
  return page.evaluate(async (options) => (await axe.run(document, options)).violations
    .map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} (${n.failureSummary})`).join(' | ')}`),
  { runOnly: rules, resultTypes: ['violations'] });
}

/** The same pages on a wide screen, in the dark, in the reader's own colours: axe, and what the keyboard can reach. */
async function otherwise(chromium, addresses, server) {
  const context = await chromium.newContext({ bypassCSP: true, reducedMotion: 'reduce' });
  await context.addInitScript(axeSource);
  const found = [];
  await everyPage(addresses, tabs, () => context.newPage(), async (url, page) => {
    for (const [name, width, media] of [['1280 px', 1280, {}], ['1280 px, dark', 1280, { colorScheme: 'dark' }], ['forced colours', 360, { forcedColors: 'active' }], ['dark', 360, { colorScheme: 'dark' }]]) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...media });
      if (name === '1280 px') await page.goto(server.origin + url);
      for (const v of await axe(page)) found.push(`${url}: ${name}: ${v}`);
      for (const k of await page.evaluate(keyboard)) found.push(`${url}: ${name}: ${k}`);
    }
  });
  await context.close();
  return found;
}

/** Everything that can be used takes the focus in the order of the page, shows that it has it, and is not hidden then. */
const keyboard = () => {
  const faults = [];
  const outlined = (e) => { const s = getComputedStyle(e); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; };
  for (const e of document.querySelectorAll('[tabindex]')) if (e.tabIndex > 0) faults.push(`order of its own: ${e.outerHTML.slice(0, 100)}`);
  for (const e of document.querySelectorAll('a[href], button, input, select, textarea, summary')) {
    if (!e.checkVisibility() || e.disabled) continue;
    const fault = (what) => faults.push(`${what}: ${e.outerHTML.slice(0, 100)}`);
    e.focus({ focusVisible: true });
    if (document.activeElement !== e || e.tabIndex < 0) { fault('no focus'); continue; }
    if (!outlined(e) && !outlined(e.closest('.carte') ?? e)) fault('not outlined');
    const boxes = [...e.getClientRects()].filter((r) => r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth);
    if (!boxes.length) { fault('off the screen'); continue; }
    const r = boxes[0], at = document.elementFromPoint(r.left + r.width / 2, Math.min(innerHeight - 1, (Math.max(r.top, 0) + Math.min(r.bottom, innerHeight)) / 2));
    if (!at || !(e.contains(at) || at.contains(e))) fault('covered');
  }
  document.activeElement.blur();
  return faults;
};

test('every page of every portal', async (t) => {
  const chromium = await browser(true);
  t.after(() => chromium.close());
  for (const portal of portals) {
    const server = await serve(portal.out, portal.prefix);
    await t.test(`${portal.name}: links, anchors, headings, titles, descriptions, nothing empty or foreign, no message, no sideways scroll${portal.look === 'axe' ? ', axe at 360 px' : ''}`,
      async () => none(await crawl(chromium, portal, server)));
    if (portal.look === 'axe') {
      await t.test(`${portal.name}: every layout on a wide screen, in the dark, in forced colours: axe and the keyboard`, async () => none(await otherwise(chromium, drawings(portal.out), server)));
    }
    server.close();
  }
});

test('Nu checker', async (t) => {
  const found = await validity;
  for (const [i, portal] of portals.entries()) await t.test(portal.name, () => none(found[i]));
  await t.test('sees what is wrong', () => assert.ok(found[portals.length].length >= 2));
});
