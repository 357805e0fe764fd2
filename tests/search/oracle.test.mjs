// Nothing that a plain scan of the sources finds is missing from the results: word by word, two words, starts of words.
// The scan reads content/ and the open data, not the index. SIZES="3 20000": other generated sites than the usual ones.
import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build, generated, header, mots, open, root } from './index.mjs';

/** Words of each listed item, from its file: title, summary, body; by address. */
export function scan(site, out) {
  const words = new Map();
  for (const file of readdirSync(path.join(out, 'donnees')).filter((f) => f.endsWith('.json') && f !== 'datapackage.json')) {
    for (const { id, url, champs } of JSON.parse(readFileSync(path.join(out, 'donnees', file), 'utf8')).items) {
      if (!url) continue;
      const folder = file.slice(0, -5), source = ['.md', '.yaml'].map((e) => path.join(site, 'content', folder, id.replace(/-\d{4}-\d\d(-\d\d)?$/, '') + e)).find(existsSync)
        ?? path.join(site, 'content', folder, `${id}.md`);
      const body = existsSync(source) && source.endsWith('.md') ? readFileSync(source, 'utf8').split(/^---$/m).slice(2).join('---') : '';
      const plain = body.replace(/\]\([^)]*\)/g, '] ').replace(/\[\^\w+\]:?/g, ' ').replace(/~~|[*_`]{1,3}|&\w+;|https?:\S+/g, (m) => (m.length > 2 && m !== '***' ? ' ' : ''));
      words.set(new URL(url).pathname, new Set(mots(`${champs.titre}\n${champs.resume ?? ''}\n${champs.adresse?.commune ?? ''}\n${plain}`)));
    }
  }
  return words;
}

// Never the same choice, always the same one: every k-th word of the sorted vocabulary.
const sample = (list, n) => list.filter((_, i) => i % Math.max(1, Math.floor(list.length / n)) === 0);

async function complete(ix, words, stops, t, n) {
  const byWord = new Map(), urls = (await ix.cartes((await ix.chercher({ limite: ix.n })).resultats)).map((c) => c.url);
  for (const [url, set] of words) for (const w of set) if (!stops.has(w)) byWord.set(w, [...byWord.get(w) ?? [], url]);
  const vocabulary = [...byWord.keys()].sort();
  let asked = 0;
  const check = async (texte, wanted) => {
    const found = new Set((await ix.chercher({ texte, limite: ix.n })).resultats.map((d) => urls[d])), missing = wanted.filter((u) => !found.has(u));
    assert.deepEqual(missing, [], `« ${texte} »: ${missing.length} of ${wanted.length} missing`);
    asked++;
  };
  const having = (f) => [...words].filter(([, set]) => f(set)).map(([url]) => url);
  for (const w of sample(vocabulary, n)) await check(`${w} `, byWord.get(w));
  for (const w of sample(vocabulary.filter((v) => v.length > 4), n / 2)) {
    const start = w.slice(0, 2 + w.length % 3), whole = vocabulary.filter((v) => v.startsWith(start));
    await check(start, [...new Set(whole.flatMap((v) => byWord.get(v)))]);
  }
  for (const [, set] of sample([...words], n / 2)) {
    const [a, b] = [...set].filter((v) => !stops.has(v)).slice(-2);
    if (b) await check(`${a} ${b} `, having((s) => s.has(a) && s.has(b)));
  }
  t.diagnostic(`${words.size} items scanned, ${vocabulary.length} words, ${asked} questions, none missing`);
}

const sites = [['demonstration', () => root], ['small portal', () => path.join(root, 'tests/sites/petite-cc')],
  ...(process.env.SIZES || '3 40 700 5000').split(' ').map((n) => [`${n} items`, () => generated(n)])];
for (const [name, site] of sites) {
  test(`no result is missing: ${name}`, async (t) => {
    const dir = site(), out = build(dir), ix = await open(out), words = scan(dir, out);
    assert.ok(words.size > 0 && ix.n >= words.size, `${words.size} items in the open data, ${ix.n} in the index`);
    await complete(ix, words, new Set(header(out).vides.split(' ')), t, ix.n > 3000 ? 40 : 250);
  });
}
