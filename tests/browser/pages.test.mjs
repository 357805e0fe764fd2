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

/** name → [site, options, prefix, how axe looks: at all pages, or at what is new beside the portals before] */
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

const voids = /^(area|base|br|col|embed|hr|img|input|link|meta|source|track|wbr)$/;
/** What a page is made of, as far as axe or a stylesheet could care: each element with its classes, attributes and their states, in its parent
 *  with its classes, and each heading after the one before it. Texts, addresses, and how often something is repeated are no part of it. */
function parts(html) {
  const found = new Set(), open = [];
  let heading = 'no heading';
  for (const [, end, name, rest] of html.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:[^>"]|"[^"]*")*)>/g)) {
    if (end) { while (open.length && open.pop().name !== name); continue; }
    const attributes = [...rest.matchAll(/([^\s"=/]+)(?:="([^"]*)")?/g)].map(([, key, value]) => [key, value]);
    const classes = attributes.find(([key]) => key === 'class')?.[1] ?? '';
    const element = [name, ...classes.split(/\s+/).filter(Boolean).sort()].join('.');
    // Of most attributes it matters that they are there, and not empty.
    const states = attributes.filter(([key]) => key !== 'class')
      .map(([key, value]) => (/^(role|lang|type|tabindex|aria-(?!label|describedby|controls).*)$/.test(key) || !value ? `[${key}=${value}]` : `[${key}]`));
    found.add(`${open.length ? open[open.length - 1].element : ''} > ${element}${states.sort().join('')}`);
    if (/^h[1-6]$/.test(name)) { found.add(`${heading}, ${name}`); heading = name; }
    if (!voids.test(name) && !rest.endsWith('/')) open.push({ name, element });
  }
  return [...found].sort();
}

// What is looked at. `fresh`: the pages that say something no portal before said; the same page is not looked at again.
// `axe`: of the first portals all pages. Other dates change hundreds of pages, most of them by a word or an entry of a list, where axe would find what it
// found before, for a minute at each date. There it looks at each new shape once: at a page whose set of parts no page before had. A branch of a template
// that only a date reaches and that writes what no page had, or had together, is so certain to be looked at; what is left out can differ in order and number
// alone, and the Nu checker reads it. Where no shape is new (only addresses are, under a sub-path), a page for each layout shows that all is in its place.
// `otherwise`: for a wide screen and other colours, which change parts one by one: a page for each layout (at other dates, of those with a new shape),
// and pages until no part of any page is left out.
const said = new Set(), shapes = new Set(), layouts = new Set(), seenOtherwise = new Set();
for (const portal of portals) {
  const all = portal.look === 'axe', addresses = pages(portal.out), first = all ? drawings(portal.out) : ['/'];
  portal.fresh = addresses.filter((url) => { const s = url + saying(portal, url); return !said.has(s) && said.add(s); });
  const made = new Map([...portal.fresh, ...first].map((url) => [url, parts(saying(portal, url))]));
  const novel = portal.fresh.filter((url) => { const shape = made.get(url).join('\n'); return !shapes.has(shape) && shapes.add(shape); });
  portal.axe = new Set(all ? addresses : novel.length ? novel : kinds(portal.fresh));
  portal.otherwise = all || !novel.length ? first : kinds(novel).filter((url) => !layouts.has(kind(url)) && layouts.add(kind(url)));
  const look = (url) => made.get(url).filter((part) => !seenOtherwise.has(part) && seenOtherwise.add(part)).length > 0;
  portal.otherwise.forEach(look);
  portal.otherwise.push(...portal.fresh.filter(look));
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
  // The portal's own policy for scripts is in force: what is injected through the protocol is not subject to it.
  const context = await chromium.newContext({ viewport: { width: 320, height: 640 } });
  await context.addInitScript(axeSource);
  const drawn = new Set([...portal.axe, ...kinds(portal.fresh)]);
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
    if (portal.axe.has(url)) for (const v of await axe(page)) problems.push(`${url}: ${v}`);
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

/** What axe has against the page as it stands. */
async function axe(page) {
  return page.evaluate(async (options) => (await axe.run(document, options)).violations
    .map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => `${n.target.join(' ')} (${n.failureSummary})`).join(' | ')}`),
  { runOnly: rules, resultTypes: ['violations'] });
}

/** Pages on a wide screen, in the dark, in the reader's own colours: axe, and what the keyboard can reach. */
async function otherwise(chromium, portal, server) {
  const context = await chromium.newContext({ reducedMotion: 'reduce' });
  await context.addInitScript(axeSource);
  const found = [];
  await everyPage(portal.otherwise, tabs, () => context.newPage(), async (url, page) => {
    for (const [name, width, media] of [['1280 px', 1280, {}], ['1280 px, dark', 1280, { colorScheme: 'dark' }], ['forced colours', 360, { forcedColors: 'active' }], ['dark', 360, { colorScheme: 'dark' }]]) {
      await page.setViewportSize({ width, height: 800 });
      await page.emulateMedia({ colorScheme: 'light', forcedColors: 'none', ...media });
      if (name === '1280 px') await page.goto(server.origin + portal.prefix + url);
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
    await t.test(`${portal.name}: links, anchors, headings, titles, descriptions, nothing empty or foreign, no message, no sideways scroll, axe at 320 px`, async (t) => {
      t.diagnostic(`${portal.fresh.length} new pages, ${portal.axe.size} with axe`);
      none(await crawl(chromium, portal, server));
    });
    await t.test(`${portal.name}: layouts and elements on a wide screen, in the dark, in forced colours: axe and the keyboard`, async (t) => {
      t.diagnostic(`${portal.otherwise.length} pages`);
      none(await otherwise(chromium, portal, server));
    });
    server.close();
  }
});

test('axe sees what is wrong, with the policy of the portal in force', async (t) => {
  const chromium = await browser(true);
  t.after(() => chromium.close());
  const [{ out }] = portals, server = await serve(out);
  t.after(() => server.close());
  const page = await chromium.newPage();
  await page.addInitScript(axeSource);
  await page.goto(server.origin);
  assert.equal((await axe(page)).length, 0);
  await page.evaluate(() => {
    const inline = document.createElement('script');
    inline.text = 'window.unruly = true';
    document.head.append(inline);
    document.querySelector('main').append(new Image());
  });
  assert.equal(await page.evaluate(() => window.unruly), undefined);
  assert.match((await axe(page)).join('\n'), /^image-alt: /);
});

test('Nu checker', async (t) => {
  const found = await validity;
  for (const [i, portal] of portals.entries()) await t.test(portal.name, () => none(found[i]));
  await t.test('sees what is wrong', () => assert.ok(found[portals.length].length >= 2));
});
