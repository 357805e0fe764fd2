// What the portal promises to its editors and to those they write about: proofs, dates, consent, and the newsletter in its three forms.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { build, change, copySite, files, root, vitrine } from './portal.mjs';

const check = (site, ...options) => spawnSync(vitrine, ['check', '-C', site, ...options], { encoding: 'utf8' });
const read = (dir, file) => readFileSync(path.join(dir, file), 'utf8');
/** A copy of the demonstration with one file changed. */
const changed = (file, from, to) => {
  const site = copySite(root);
  change(path.join(site, 'content', file), from, to);
  return site;
};

test('an aid without its source or without the day it was checked is refused', () => {
  for (const line of [/^source: .*\n/m, /^verifie_le: .*\n/m]) {
    const run = check(changed('aides/cabinet-secondaire.md', line, ''));
    assert.equal(run.status, 1);
    assert.match(run.stderr, /content\/aides\/cabinet-secondaire\.md:.*\[champ-manquant\]/);
  }
});

test('an abolished aid keeps its page, says so, and stands in no list', () => {
  const out = build(root);
  assert.match(read(out, 'aides/contrat-aide-installation-caim/index.html'), /<strong>Supprimée\.<\/strong>/);
  for (const file of files(out).filter((f) => /^aides\/(index|.*\/index)\.html$/.test(f) && !f.includes('caim'))) {
    assert.ok(!/<h3><a href="\/aides\/contrat-aide-installation-caim/.test(read(out, file)), file);
  }
  assert.ok(!/50[\s\u00a0\u202f]?000 €/.test(read(out, 'aides/contrat-aide-installation-caim/index.html')), 'no abolished amount');
});

test("the exact place of somebody's home is not asked for, and refused where it is given", () => {
  const street = check(changed('hebergements/chambre-bourg.md', 'adresse: {', "adresse: {voie: \"3 rue de l'Exemple\", "));
  assert.equal(street.status, 1);
  assert.match(street.stderr, /content\/hebergements\/chambre-bourg\.md:7:17: erreur: le champ « adresse\.voie » ne se donne pas/);
  const point = check(changed('hebergements/chambre-bourg.md', 'lat: 45.041', 'lat: 45.04123'));
  assert.match(point.stderr, /chambre-bourg\.md:\d+:\d+: attention: cette position est précise/);
});

test('a density in the wrong unit is told, at its place', () => {
  const besoin = check(changed('besoins/generalistes-nord-gironde.md', 'valeur: 8.3, pour: dix_mille', 'valeur: 8.3, pour: cent_mille'));
  assert.equal(besoin.status, 0);
  assert.match(besoin.stderr, /content\/besoins\/generalistes-nord-gironde\.md:\d+:\d+: attention: 8,3 pour 100.000 habitants est invraisemblable/);
  const indicateur = check(changed('indicateurs/hg-densite-generalistes.md', 'unite: dix_mille', 'unite: cent_mille'));
  assert.match(indicateur.stderr, /hg-densite-generalistes\.md:.*invraisemblable/);
  const territoire = check(changed('territoires/haute-gironde.md', 'unite: "pour 10\u202f000', 'unite: "pour 100\u202f000'));
  assert.match(territoire.stderr, /territoires\/haute-gironde\.md:.*invraisemblable/);
  assert.ok(!/invraisemblable/.test(check(root).stderr), 'the demonstration has none');
});

test('facts and contacts that nobody has read for 180 days are told', () => {
  const fait = check(changed('aides/cabinet-secondaire.md', /verifie_le: .*/, 'verifie_le: 2026-01-15'));
  assert.match(fait.stderr, /aides\/cabinet-secondaire\.md:\d+:\d+: attention: cette information n’a pas été vérifiée depuis le 15 janvier 2026/);
  const contact = check(changed('guichets/guichet-est-cantal.md', /maj_le: .*/, 'maj_le: 2026-01-15'));
  assert.match(contact.stderr, /guichets\/guichet-est-cantal\.md:\d+:\d+: attention: ce contact n’a pas été relu/);
  assert.ok(!/n’a pas été (vérifiée|relu)/.test(check(root).stderr), 'the demonstration has none');
});

test('a departure names nobody without that item’s own consent', () => {
  const nom = 'Andrée Modèle', fiche = 'mouvements/depart-generaliste-saint-aignan.yaml';
  const holds = (out) => files(out).filter((f) => readFileSync(path.join(out, f)).includes(nom));
  const with_ = holds(build(root));
  assert.ok(with_.includes('mouvements/index.html'), 'named on the pages, as agreed');
  assert.deepEqual(with_.filter((f) => !f.endsWith('.html') || f.endsWith('courriel.html')), [], 'and nowhere else');
  assert.deepEqual(holds(build(root, '--date', '2027-01-15')), [], 'the consent has ended: in no byte');
  const without = check(changed(fiche, /^consentement: .*\n/m, ''));
  assert.equal(without.status, 1);
  assert.match(without.stderr, /depart-generaliste-saint-aignan\.yaml:.*\[accord-manquant\]/);
  const title = check(changed(fiche, /^titre: .*/m, `titre: Départ de ${nom}`));
  assert.equal(title.status, 1);
  assert.match(title.stderr, /le titre nomme Andrée Modèle/);
});

test('a letter is a page, an e-mail that needs nothing from the site, and a text of short lines', () => {
  const out = build(root);
  const letters = readdirSync(path.join(out, 'lettres'), { withFileTypes: true }).filter((e) => e.isDirectory()).map((e) => `lettres/${e.name}`);
  assert.equal(letters.length, 3, 'the fourth waits for its day');
  for (const letter of letters) {
    assert.match(read(out, `${letter}/index.html`), /S’abonner[\s\S]*Pour vous désabonner/);
    const html = read(out, `${letter}/courriel.html`), text = read(out, `${letter}/courriel.txt`);
    assert.ok(!/<(script|link|img|style|iframe)\b|\bclass=|url\(/.test(html), `${letter}: nothing to fetch, no style sheet`);
    for (const [, link] of html.matchAll(/ href="([^"]*)"/g)) assert.match(link, /^(https:\/\/|mailto:)/, `${letter}: ${link}`);
    for (const line of text.split('\n')) assert.ok(line.length <= 72 || /^\s*https:\/\/\S+$/.test(line), `${letter}: ${line}`);
    for (const needed of [/Désabonnement|subject=D%C3%A9sabonnement/, /Nous gardons votre adresse/]) { assert.match(html, needed); assert.match(text, needed); }
    for (const heading of html.matchAll(/<h2[^>]*>([^<]*)<\/h2>/g)) assert.ok(text.includes(heading[1].toUpperCase()), `${letter}: ${heading[1]} is in the text too`);
  }
  assert.match(read(out, 'lettres/lettre-3-rentree-2026/courriel.txt'), /Alix Spécimen/, 'who agreed to be named is named');
  assert.equal(readdirSync(path.join(build(root, '--date', '2026-12-15'), 'lettres'), { withFileTypes: true }).filter((e) => e.isDirectory()).length, 4);
});

test('news and letters are in the feed of everything new', () => {
  const feed = read(build(root), 'flux.xml');
  for (const type of ['actualite', 'lettre']) assert.match(feed, new RegExp(`<category term="${type}"`), type);
});

test('no sentence of eight words stands in two items', () => {
  const content = path.join(root, 'content'), seen = new Map(), twice = [];
  for (const file of files(content).filter((f) => /\.(md|yaml)$/.test(f))) {
    const source = readFileSync(path.join(content, file), 'utf8');
    const [, fields, body] = source.match(/^---\n([\s\S]*?)\n---\n?([\s\S]*)$/) ?? [null, source, ''];
    const summary = fields.match(/^resume: *(.*)$/m)?.[1] ?? '';
    for (const sentence of `${summary}\n\n${body}`.replace(/\]\([^)]*\)/g, ' ').split(/\n\s*\n|(?<=[.!?…])\s+/)) {
      const words = sentence.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
      for (let i = 0; i + 8 <= words.length; i++) {
        const phrase = words.slice(i, i + 8).join(' ');
        if ((seen.get(phrase) ?? file) !== file) twice.push(`${file} and ${seen.get(phrase)}: ${phrase}`);
        seen.set(phrase, file);
      }
    }
  }
  assert.ok(seen.size > 5000, 'there are sentences to compare');
  assert.deepEqual(twice, []);
});

test('a consent withdrawn: the name is in no byte, whether the editor took the name away, forgot it, or the term came', () => {
  const named = files(path.join(root, 'content')).flatMap((file) => {
    const source = readFileSync(path.join(root, 'content', file), 'utf8');
    const name = source.match(/^(?:nom|auteur): *"?(?:Dr )?(.*?)"?$/m)?.[1];
    return name && /^consentement:/m.test(source) ? [{ file: path.join('content', file), name }] : [];
  });
  const holding = (out, { name }) => files(out).filter((f) => readFileSync(path.join(out, f)).includes(name));
  const before = build(root);
  assert.ok(named.filter((n) => holding(before, n).length).length >= 10, 'persons are named');
  const without = (...fields) => {
    const site = copySite(root);
    for (const { file } of named) for (const field of fields) change(path.join(site, file), field, '');
    return site;
  };
  const consent = /^consentement:.*\n(?: .*\n)*/m, forgotten = without(consent);
  const run = spawnSync(vitrine, ['build', '-C', forgotten, '-o', path.join(forgotten, 'public'), '--no-sync'], { encoding: 'utf8' });
  for (const { file } of named) assert.ok(run.stderr.includes(`${file}:`), `${file} is told`);
  assert.deepEqual([run.status, existsSync(path.join(forgotten, 'public'))], [1, false], 'nothing is published then');
  for (const [how, out] of [['taken away', build(without(consent, /^(nom|auteur|rpps):.*\n/gm))], ['ended', build(root, '--date', '2035-01-01')]]) {
    assert.ok(files(out).length > 500, `${how}: the rest is published`);
    assert.deepEqual(named.flatMap((n) => holding(out, n).map((f) => `${how}: ${n.name} in ${f}`)), []);
  }
});
