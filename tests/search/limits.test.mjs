// What a site may hold at the edges, and what must make no difference: sizes, odd words, languages, threads, the order of folders.
import test from 'node:test';
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addresses, build, copied, files, header, mots, open, parts, root, temporary } from './index.mjs';

/** A site of the small theme of the golden cases, with a search; items: name → source. */
function mini(items, { languages = ['fr'], setup = 'types: {fiche: 1}\n' } = {}) {
  const site = path.join(temporary(), 'site'), content = path.join(site, 'content');
  cpSync(path.join(root, 'tests/golden/base'), site, { recursive: true });
  rmSync(content, { recursive: true });
  mkdirSync(path.join(content, 'fiches'), { recursive: true });
  mkdirSync(path.join(content, 'lieux'));
  writeFileSync(path.join(content, 'site.yaml'), `titre: Essai\nurl: https://essai.exemple.fr\ntheme: mini\ndate: 2026-09-15\nlangues: [${languages}]\n`);
  writeFileSync(path.join(site, 'themes/mini/recherche.yaml'), setup);
  if (Object.keys(items).length) writeFileSync(path.join(content, 'lieux/bourg.yaml'), 'titre: Bourg\n');
  for (const [name, body] of Object.entries(items)) writeFileSync(path.join(content, 'fiches', name), `---\ntitre: ${name.split('.')[0]}\nlieu: bourg\nnature: libre\n---\n${body}`);
  return site;
}
const forms = (out, language) => {
  const folder = header(out, language).dossier, b = parts(out).get(`${folder}/l0.bin`);
  return b.subarray(4, 4 + b.readUInt32LE(0)).toString().split('\n');
};

test('a site without items, with one, with an empty body', async () => {
  const none = await open(build(mini({})));
  assert.equal(none.n, 0);
  assert.deepEqual([(await none.chercher({ texte: 'rien' })).total, (await none.chercher({})).total], [0, 0]);
  const one = await open(build(mini({ 'seule.md': '' })));
  assert.equal(one.n, 2, 'and its place');
  assert.deepEqual(await addresses(one, 'seule'), ['/fiches/seule/']);
  assert.equal((await one.cartes((await one.chercher({ texte: 'seule' })).resultats, ['seule']))[0].titre, 'seule');
});

test('a giant body and a word of ten thousand letters: all is found, and nobody loads the word', async () => {
  const word = 'x'.repeat(10000), many = Array.from({ length: 30000 }, (_, i) => `mot${i.toString(36)}`);
  const out = build(mini({ 'grande.md': `${many.join(' ')} fin\n`, 'longue.md': `avant ${word} apres\n` })), ix = await open(out);
  for (const w of [many[0], many[29999], 'fin']) assert.deepEqual(await addresses(ix, `${w} `), ['/fiches/grande/'], w);
  for (const w of ['avant', 'apres', 'xxxxxxx', word.slice(0, 70)]) assert.deepEqual(await addresses(ix, w), ['/fiches/longue/'], w);
  assert.ok(Math.max(...forms(out).map((f) => f.length)) <= 64);
});

const odd = [
  'Ελλάδα Αθήνα', 'русский ёлка Київ', 'العربية مُحَمَّد', 'हिन्दी देवनागरी', '한국어', '日本語', 'Tiếng Việt', 'İstanbul ışık', 'Łódź Đorđe þing',
  'pe\u0301diatre e\u0302tre', 'ﬁn ﬂeur', 'CO₂ m² nº 3 Ⅳ', 'L’été l\'hiver', 'aide-soignant·e', 'jean.dupont@exemple.fr', '06 12 34 56 78', '10-12 1er 2e', 'C.H.U.',
  '١٢٣', 'œuf Æsir straße', 'mots\u00a0liés\u202ffins', '«\u202fentre\u202f»', '5 €', 'R&D', 'n°7', 'COVID-19', 'a/b', 'Ǆ ǆ', 'ŉ', 'ﬀ',
];
test('words of any script are found as the engine reads them, however an accent was typed', async () => {
  const items = Object.fromEntries(odd.map((text, i) => [`fiche-${i}.md`, `${text}\n`])), ix = await open(build(mini(items)));
  for (const [i, text] of odd.entries()) {
    for (const w of mots(text)) assert.ok((await addresses(ix, `${w} `, 50)).includes(`/fiches/fiche-${i}/`), `« ${w} » of « ${text} »`);
    assert.ok((await addresses(ix, `${text.normalize('NFD')} `, 50)).includes(`/fiches/fiche-${i}/`), text);
  }
});

test('what a copy from another program brings: soft hyphens, signs of emoji', async () => {
  const out = build(mini({ 'copie.md': 'hé\u00adber\u00adge\u00adment ☎\ufe0f \u200dsuite\n' }));
  assert.deepEqual(await addresses(await open(out), 'hébergement suite '), ['/fiches/copie/']);
  assert.ok(!forms(out).includes(''));
});

test('two languages, two indexes: words of each, stemmed by its own rules; what is not translated is in both', async () => {
  const site = mini({ 'deux.md': 'Les hébergements des internes\n', 'deux.en.md': 'Lodgings running\n', 'une.md': 'Seulement en français\n' },
    { languages: ['fr', 'en'], setup: 'types: {fiche: 1}\nfacettes: {ouvert: ouvert}\n' });
  writeFileSync(path.join(site, 'content/fiches/une.md'), readFileSync(path.join(site, 'content/fiches/une.md'), 'utf8').replace('nature: libre', 'nature: libre\nouvert: oui'));
  mkdirSync(path.join(site, 'i18n'));
  writeFileSync(path.join(site, 'i18n/fr.yaml'), 'oui: Oui\n');
  writeFileSync(path.join(site, 'i18n/en.yaml'), 'oui: Yes indeed\nlibelles: {Fiches: Sheets, Libre: Untied}\n');
  const out = build(site), fr = await open(out, 'fr'), en = await open(out, 'en');
  assert.deepEqual(await addresses(fr, 'hébergement '), ['/fiches/deux/']);
  assert.equal((await fr.chercher({ texte: 'running ' })).total, 0);
  assert.deepEqual(await addresses(en, 'runs '), ['/en/fiches/deux/']);
  assert.equal((await en.chercher({ texte: '"hébergements"' })).total, 0);
  assert.deepEqual(await addresses(en, 'français '), ['/en/fiches/une/']);
  assert.deepEqual([fr, en].map((ix) => ix.facettes.find((f) => f.nom === 'ouvert').valeurs.map((v) => v.libelle)), [['Oui'], ['Yes indeed']]);
  assert.deepEqual([fr, en].map((ix) => ix.facettes[0].valeurs.map((v) => v.libelle)), [['Fiches', 'Lieux'], ['Sheets', 'Lieux']]);
});

test('the same bytes: any number of threads, any locale, any order of the folders', () => {
  const site = copied(), turned = path.join(temporary(), 'site'), wanted = parts(build(site, '-j', '1'));
  for (const part of ['content', 'assets', 'themes']) {
    for (const f of files(path.join(site, part)).reverse()) {
      mkdirSync(path.dirname(path.join(turned, part, f)), { recursive: true });
      cpSync(path.join(site, part, f), path.join(turned, part, f));
    }
  }
  const all = [...['2', '8'].map((j) => build(site, '-j', j)), build(turned, '-j', '3')];
  for (const locale of ['C', 'tr_TR.UTF-8', 'fr_FR.UTF-8']) {
    process.env.LC_ALL = locale;
    all.push(build(site));
  }
  delete process.env.LC_ALL;
  for (const out of all) {
    const got = parts(out);
    assert.deepEqual([...got.keys()], [...wanted.keys()]);
    for (const [name, bytes] of wanted) assert.ok(bytes.equals(got.get(name)), name);
  }
});
