// Our index beside Pagefind and MiniSearch on the same texts: bytes and requests up to the first answer, milliseconds a keystroke in
// Chromium at a quarter of its speed, and what a plain scan finds that they do not. usage: make bench-search [SIZES="5000 20000"]
import { createServer } from 'node:http';
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import MiniSearch from 'minisearch';
import * as pagefind from 'pagefind';
import { browser } from '../../browser/portal.mjs';
import { build, generated, header, mots, open, parts, root } from '../index.mjs';

const SLOWER = 4;
const typed = ['médecine générale', 'hébergement', 'kinésithérapeute', 'accueil des internes', 'cardiologie', 'installation saint'];
const keystrokes = typed.flatMap((q) => [...q].map((_, i) => q.slice(0, i + 1)).filter((s) => s.trim().length > 1));
const words = ['hébergement', 'médecine générale', 'kiné', 'installation', 'internat', 'vélo', 'crèche', 'colocation', 'garde', 'conjoint'];

/** Real sentences: those of the demonstration's texts. */
function sentences(dir = path.join(root, 'content')) {
  return readdirSync(dir, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)).flatMap((e) => {
    const file = path.join(dir, e.name);
    if (e.isDirectory()) return sentences(file);
    if (!e.name.endsWith('.md')) return [];
    return readFileSync(file, 'utf8').split(/^---$/m).slice(2).join(' ').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1').split(/(?<=[.!?])\s+/)
      .map((s) => s.replace(/\s+/g, ' ').trim()).filter((s) => /^[\p{Lu}][^#|*_[\]<>]{30,220}[.!?]$/u.test(s));
  });
}

/** The generated site, its bodies made of such sentences: about 200 words each. */
function site(n) {
  const dir = generated(n), pool = sentences();
  let seed = 7;
  const random = (k) => Math.floor((seed = (seed * 1664525 + 1013904223) % 2 ** 32) / 2 ** 32 * k);
  for (const folder of ['etablissements', 'offres', 'sites-touristiques', 'evenements']) {
    const at = path.join(dir, 'content', folder);
    for (const name of readdirSync(at).sort()) {
      const front = readFileSync(path.join(at, name), 'utf8').split(/^---$/m)[1];
      writeFileSync(path.join(at, name), `---${front}---\n${Array.from({ length: 9 + random(5) }, () => pool[random(pool.length)]).join(' ')}\n`);
    }
  }
  return dir;
}

/** What our index holds, as the others get it. */
function documents(out) {
  const all = parts(out), h = header(out), part = (kind, i) => all.get(path.join(h.dossier, `${kind}${i}.bin`)).toString();
  const cards = Array.from({ length: Math.ceil(h.n / h.cartes) }, (_, i) => part('c', i).split('\n')).flat(), texts = h.textes.map((_, i) => part('x', i).split('\x01')).flat();
  return cards.map((c, id) => { const [url, titre, commune] = c.split('\t'); return { id, url, titre, texte: `${commune}\n${texts[id]}` }; });
}

async function writePagefind(out, docs) {
  const { index } = await pagefind.createIndex({ forceLanguage: 'fr' });
  for (const d of docs) await index.addCustomRecord({ url: d.url, content: `${d.titre}. ${d.texte}`, language: 'fr', meta: { title: d.titre } });
  await index.writeFiles({ outputPath: path.join(out, 'pagefind') });
  await pagefind.close();
}

const miniOptions = { fields: ['titre', 'texte'], storeFields: ['titre', 'url'] };
function writeMini(out, docs) {
  const mini = new MiniSearch({ ...miniOptions, tokenize: mots, processTerm: (t) => t });
  mini.addAll(docs);
  mkdirSync(path.join(out, 'mini'));
  writeFileSync(path.join(out, 'mini/index.json'), JSON.stringify(mini));
  writeFileSync(path.join(out, 'mini/minisearch.js'), readFileSync(path.join(root, 'tests/search/bench/node_modules/minisearch/dist/es/index.js')));
}

/** Serves a folder as a host that compresses what compresses; counts what it sends. */
async function serve(dir) {
  const sent = [], types = { '.html': 'text/html', '.js': 'text/javascript', '.json': 'application/json', '.css': 'text/css' };
  const server = createServer((request, response) => {
    const file = path.join(dir, new URL(request.url, 'http://x').pathname);
    if (!existsSync(file) || !statSync(file).isFile()) { response.writeHead(404).end(); return; }
    const bytes = readFileSync(file), type = types[path.extname(file)], body = type ? gzipSync(bytes, { level: 9 }) : bytes;
    if (!file.endsWith('vide.html')) sent.push({ file, bytes: body.length });
    response.writeHead(200, { 'content-type': type ?? 'application/octet-stream', ...(type && { 'content-encoding': 'gzip' }) });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, sent, close: () => server.close() };
}

// In the page: an engine is {find(text) → number of results, with its first ten drawn}.
const engines = {
  vitrine: async ([engine, index]) => {
    const { ouvrir } = await import(engine), ix = await ouvrir(new URL(index, location.href).href);
    return async (texte) => { const r = await ix.chercher({ texte }); await ix.cartes(r.resultats); return r.total; };
  },
  Pagefind: async () => {
    const pf = await import('/pagefind/pagefind.js');
    await pf.init('fr');
    return async (texte) => { const r = await pf.search(texte); await Promise.all(r.results.slice(0, 10).map((x) => x.data())); return r.results.length; };
  },
  MiniSearch: async () => {
    const { default: Mini } = await import('/mini/minisearch.js'), { mots } = await import(document.documentElement.dataset.moteur);
    const mini = Mini.loadJSON(await (await fetch('/mini/index.json')).text(), { fields: ['titre', 'texte'], storeFields: ['titre', 'url'], tokenize: mots, processTerm: (t) => t });
    return async (texte) => mini.search(texte, { combineWith: 'AND', prefix: true, fuzzy: 0.2, boost: { titre: 4 } }).length;
  },
};

async function measure(name, server, args, scan) {
  const chromium = await browser(), page = await (await chromium.newContext()).newPage(), session = await page.context().newCDPSession(page);
  await page.goto(`${server.origin}/vide.html`);
  await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const run = (texts, fresh) => page.evaluate(async ([source, data, list, again]) => {
    document.documentElement.dataset.moteur = data[0];
    const started = performance.now();
    if (again) globalThis.find = await (0, eval)(`(${source})`)(data);
    const times = [], totals = [];
    let at = started;
    for (const text of list) {
      totals.push(await globalThis.find(text));
      times.push(performance.now() - at);
      at = performance.now();
    }
    return { times, totals };
  }, [engines[name].toString(), args, texts, fresh]);
  server.sent.length = 0;
  const first = await run(['hébergement'], true), bytes = server.sent.reduce((n, s) => n + s.bytes, 0), requests = server.sent.length;
  await run(keystrokes, false);                          // what is fetched once is there
  const { times } = await run(keystrokes, false), { totals } = await run(words.map((w) => `${w} `), false);
  await chromium.close();
  times.sort((a, b) => a - b);
  const missing = totals.reduce((n, t, i) => n + Math.max(0, scan[i] - t), 0);
  return { name, bytes, requests, first: first.times[0], median: times[times.length >> 1], worst: times.at(-1), missing };
}

/** Documents that have every word of each question, as it is written. */
const scanned = (docs) => {
  const sets = docs.map((d) => new Set(mots(`${d.titre}\n${d.texte}`)));
  return words.map((w) => sets.filter((s) => mots(w).every((x) => s.has(x))).length);
};

const kilo = (n) => (n / 1000).toFixed(n < 99500 ? 1 : 0).replace('.', ',');
let ahead = true;
console.log('| contenus | moteur | ko jusqu’à la 1re réponse | requêtes | 1re réponse (ms) | frappe, médiane (ms) | frappe, la pire (ms) | manquants |\n| --- | --- | --- | --- | --- | --- | --- | --- |');
for (const n of (process.env.SIZES || '5000 20000').split(' ').map(Number)) {
  const out = build(site(n)), docs = documents(out), scan = scanned(docs);
  writeMini(out, docs);
  await writePagefind(out, docs);
  writeFileSync(path.join(out, 'vide.html'), '<!doctype html><html lang="fr"><title>vide</title></html>');
  await open(out);
  const assets = readdirSync(path.join(out, 'assets')), index = readdirSync(path.join(out, 'assets/recherche')).find((f) => f.startsWith('fr.'));
  const args = [`/assets/${assets.find((f) => /^moteur\..*js$/.test(f))}`, `/assets/recherche/${index}`], server = await serve(out), rows = [];
  for (const name of Object.keys(engines)) rows.push(await measure(name, server, args, scan));
  server.close();
  for (const r of rows) {
    console.log(`| ${docs.length} | ${r.name} | ${kilo(r.bytes)} | ${r.requests} | ${r.first.toFixed(0)} | ${r.median.toFixed(0)} | ${r.worst.toFixed(0)} | ${r.missing} |`);
  }
  const [ours, ...others] = rows;
  ahead &&= ours.missing === 0 && others.every((r) => ours.bytes < r.bytes && ours.worst < r.worst);
}
console.log(ahead ? 'ok ahead on bytes and latency, nothing missing' : 'not ok ahead on bytes and latency, nothing missing');
process.exit(ahead ? 0 : 1);
