// A site of two languages: on pages of the other language no word of the interface, nor of the types, is the main one's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { browser, build, change, copySite, fileOf, files, pages, root, serve, watched } from './portal.mjs';

const theme = path.join(root, 'themes/portail');
const spaces = (s) => s.replace(/[\s\u00a0\u202f]+/g, ' ').trim();

/** The strings of a language, {key: text}, and its `libelles:`, {as types write it: text}. */
function strings(language) {
  const own = {}, labels = {};
  let into = own;
  for (const line of readFileSync(path.join(theme, `i18n/${language}.yaml`), 'utf8').split('\n')) {
    if (line === 'libelles:') into = labels;
    const m = line.match(/^\s*("(?:[^"\\]|\\.)*"|[\w.-]+): (?:"((?:[^"\\]|\\.)*)"|([^"'].*))$/);
    if (m) into[m[1].replace(/^"|"$/g, '')] = (m[2] ?? m[3]).replaceAll('\\"', '"');
    else assert.ok(/^(#.*|libelles:|)$/.test(line), line);
  }
  return { own, labels };
}

const fr = strings('fr'), en = strings('en');

// What editors write stands on English pages as it is, where nobody translated it.
const written = files(path.join(root, 'content')).map((f) => spaces(readFileSync(path.join(root, 'content', f), 'utf8')).replaceAll("'", '’')).join('\n');
const values = new Set(files(path.join(root, 'content')).flatMap((f) => readFileSync(path.join(root, 'content', f), 'utf8').split(/[\w-]+: |^\s*(?:-|#+) |[[\]{},"\n]|\|/m)).map(spaces));

/** Is this text a sentence of French, among those that English has other words for? */
function teller() {
  const english = new Set([...Object.values(en.own), ...Object.values(en.labels)].map(spaces)), whole = new Set(), holed = [];
  for (const s of [...Object.entries(fr.own).filter(([k, x]) => x !== en.own[k]).map((e) => e[1]), ...Object.keys(en.labels)].map(spaces)) {
    if (english.has(s)) continue;
    if (!s.includes('{')) whole.add(s);
    // A sentence with holes must have words of its own to be known by.
    else if (!s.startsWith('{') && (s.replace(/\{\w+\}/g, ' ').match(/\p{L}{3,}/gu) ?? []).length > 1) holed.push(new RegExp(`^${s.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.{1,60}')}$`, 'u'));
  }
  return (s) => (whole.has(s) ? !values.has(s) : s.length < 200 && !written.includes(s) && holed.some((r) => r.test(s)));
}

const empty = /^(?:area|base|br|col|hr|img|input|link|meta|source|track|wbr|path|use|circle|rect|line)$/;
const entities = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'", nbsp: ' ' };
const plain = (s) => spaces(s.replace(/&(#?\w+);/g, (all, e) => entities[e] ?? all));

/** The texts that a visitor reads or hears on a page, without what says that it is of another language, and that language's links. */
function read(html) {
  const found = [], open = [];
  for (const [, text, close, name, attributes, self] of html.matchAll(/([^<]*)<(?:!--.*?--|!|(\/?)([\w-]+)((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*(\/?))>?/gs)) {
    const quiet = open.some((x) => x.quiet), ours = (a = '') => !/\s(?:hreflang|lang)="(?!en)/.test(a);
    if (!quiet && text.trim()) found.push(text);
    if (close) {
      while (open.length && open.pop().name !== name);
    } else if (name) {
      for (const m of attributes.matchAll(/\s(aria-label|title|alt|placeholder|data-[\w-]+|content)="([^"]*)"/g)) if (!quiet && ours(attributes)) found.push(m[2]);
      if (!self && !empty.test(name)) open.push({ name, quiet: /^(?:script|style|code)$/.test(name) ? name !== 'script' || !/application\/json/.test(attributes) : !ours(attributes) });
    }
  }
  // An object of strings says each of them.
  return found.map(plain).flatMap((s) => (s.startsWith('{"') ? s.match(/"(?:[^"\\]|\\.)*"/g).map((x) => spaces(JSON.parse(x))) : [s])).filter((s) => /\p{L}{2}/u.test(s));
}

const french = teller();
let server, out, home;

before(async () => {
  const site = copySite(root), settings = path.join(site, 'content/site.yaml');
  change(settings, /^langues: .*$/m, 'langues: [fr, en]');
  out = build(site);
  server = await serve(out);
  home = server.origin;
});

after(() => server.close());

test('every word of the types has one in English', () => {
  const words = [...Object.keys(en.labels)];
  assert.ok(words.length > 700);
  assert.deepEqual(words.filter((k) => !en.labels[k]), []);
});

test('English pages have no French word of the interface', () => {
  const faults = new Map(), seen = new Set();
  for (const url of pages(out).filter((u) => u.startsWith('/en/'))) {
    for (const s of read(readFileSync(path.join(out, fileOf(url)), 'utf8'))) if (!seen.has(s)) seen.add(s), french(s) && faults.set(s, url);
  }
  assert.ok(seen.size > 5000, String(seen.size));
  assert.deepEqual([...faults], []);
});

test('the search in English: headings of results, facets, numbers and states speak it', async (t) => {
  const b = await browser();
  t.after(() => b.close());
  const { page, faults } = await watched(await b.newContext(), home);
  await page.goto(`${home}/en/recherche/?q=blaye`);
  await page.locator('#resultats ~ .vivants h2').first().waitFor();
  const headings = await page.locator('.vivants h2').allInnerTexts();
  assert.ok(headings.length > 3 && headings.includes('Places of care'), headings.join());
  const said = await page.locator('.vivants h2, #filtres legend, #filtres label > span:first-of-type, .compte, .vivants .etiquette').allInnerTexts();
  assert.deepEqual([...new Set(said.map(spaces))].filter((s) => french(s) || Object.hasOwn(fr.own, s)), []);
  assert.ok(said.includes('Medical student'), said.join());
  assert.deepEqual(faults, []);
});

test('several sentences of the status line are parted by points', async (t) => {
  const b = await browser();
  t.after(() => b.close());
  const page = await (await b.newContext()).newPage(), line = page.locator('.compte[role=status]');
  for (const [url, said] of [['/stages/', /^\d+ stages\. Ce critère n’existe plus : rien\.$/], ['/en/stages/', /^\d+ placements\. This filter no longer exists: rien\.$/]]) {
    await page.goto(`${home}${url}?niveau=rien`);
    await page.waitForFunction(() => /rien/.test(document.querySelector('.compte[role=status]')?.textContent));
    assert.match(spaces(await line.textContent()), said);
    await page.goto(`${home}${url}?tri=titre`);
    await page.waitForFunction(() => /^\d/.test(document.querySelector('.compte[role=status]')?.textContent));
    assert.match(spaces(await line.textContent()), /^\d+ (stages|placements)$/);
  }
});

test('feeds and places on the map name types in English', () => {
  assert.match(readFileSync(path.join(out, 'en/flux.xml'), 'utf8'), /<category term="offre" label="Offer"/);
  assert.match(readFileSync(path.join(out, 'flux.xml'), 'utf8'), /<category term="offre" label="Offre"/);
});
