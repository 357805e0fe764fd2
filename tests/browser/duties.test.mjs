// What the law asks of a public site: the accessibility mention computed from the audit, the declaration, what must be written to go online.
import test from 'node:test';
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, change, fileOf, pages, smallSite, temporary, vitrine } from './portal.mjs';

const read = (dir, file) => readFileSync(path.join(dir, file), 'utf8');
const text = (html) => html.match(/<main[\s\S]*<\/main>/)[0].replace(/<svg[\s\S]*?<\/svg>/g, '').replace(/<[^>]*>/g, ' ')
  .replace(/&#39;/g, "'").replace(/[\s\u00a0\u202f]+/g, ' ');
const scheme = 'schema_pluriannuel: {du: 2026-01-01, au: 2028-12-31, referent: "Direction fictive", moyens: ["Deux jours par mois"], audits: ["Un audit en 2027"], bilan: "Premier schéma."}\n'
  + 'plans_annuels: [{annee: 2026, actions: [{action: "Relire les tableaux", echeance: Juin 2026, avancement: faite}], bilan: "Tenu."}]\n';
const audit = (extra, more = '') => `etablie_le: 2026-09-01\naudit: {le: 2026-08-01, auditeur: Cabinet Fictif, taux: 80, pages: [{titre: Accueil, adresse: /}, {titre: Ailleurs, adresse: /absente/}]${extra}}\n${more}`;

/** The small portal dated 2026-09-15, with this file of its accessibility and these changes to its settings. */
function site(accessibility, ...changes) {
  const dir = smallSite(false);
  if (accessibility) writeFileSync(path.join(dir, 'content/accessibilite.yaml'), accessibility);
  for (const [from, to] of changes) change(path.join(dir, 'content/site.yaml'), from, to);
  return dir;
}

/** What a build says, and whether it published. */
function run(dir) {
  const out = path.join(temporary(), 'public');
  const { status, stderr } = spawnSync(vitrine, ['build', '-C', dir, '-o', out, '--no-sync'], { encoding: 'utf8' });
  return { status, said: stderr, published: existsSync(path.join(out, 'index.html')) };
}

const mentions = {
  'no file': [null, 'non conforme'],
  'a file without an audit': ['etablie_le: 2026-09-01\n', 'non conforme'],
  'less than half': [audit('').replace('80', '49.99'), 'non conforme'],
  'half': [audit('').replace('80', '50'), 'partiellement conforme'],
  'nearly all': [audit('').replace('80', '99.99'), 'partiellement conforme'],
  'all': [audit('').replace('80', '100'), 'totalement conforme'],
  'an audit of three years': [audit('').replace('2026-08-01', '2023-09-15'), 'partiellement conforme'],
  'an older one': [audit('').replace('2026-08-01', '2023-09-14').replace('80', '100'), 'non conforme', /plus de trois ans/],
  'one from before the site was made anew': [audit('', 'refonte_le: 2026-08-15\n'), 'non conforme', /avant la refonte/],
  'one from after': [audit('', 'refonte_le: 2026-07-15\n'), 'partiellement conforme'],
  'one of a standard replaced long ago': [audit('', 'nouveau_referentiel_le: 2024-12-01\n').replace('2026-08-01', '2024-11-01'), 'non conforme', /plus de dix-huit mois/],
  'one of a standard replaced lately': [audit('', 'nouveau_referentiel_le: 2026-09-01\n'), 'partiellement conforme'],
};
for (const [name, [file, mention, warning]] of Object.entries(mentions)) {
  test(`accessibility, ${name}: ${mention}`, () => {
    const dir = site(file), out = build(dir);
    for (const url of pages(out).filter((u) => !u.startsWith('/embed/'))) {
      const foot = read(out, fileOf(url)).match(/<footer[\s\S]*<\/footer>/)[0];
      assert.deepEqual(foot.match(/<a href="\/accessibilite\/">([^<]*)<\/a>/)?.[1], `Accessibilité\u00a0: ${mention}`, url);
    }
    if (warning) {
      const { status, said } = run(dir);
      assert.equal(status, 0, 'a date that passes stops no portal');
      assert.match(said, /accessibilite\.yaml:\d+:\d+: attention/);
      assert.match(said, warning);
      assert.match(text(read(out, 'accessibilite/index.html')), warning, 'and the declaration says so');
    }
  });
}

test('the declaration has every part of the form', () => {
  const out = build(site(audit(', referentiel: "4.1.2", taux_moyen: 91, rapport: "https://exemple.fr/rapport"',
    'mise_a_jour_le: 2026-09-10\nnon_conformites: ["Les plans n\'ont pas de titres."]\nderogations: [{contenu: "Une vidéo", raison: "Trop chère à décrire", alternative: "Un texte."}]\n'
    + 'contenus_exemptes: ["Les cartes"]\nenvironnements: [{navigateur: Firefox 140, assistance: NVDA 2025}]\noutils: ["Contraste"]\ncontact: {courriel: acces@exemple.fr, telephone: "05 36 49 12 02"}\n' + scheme)));
  const html = read(out, 'accessibilite/index.html'), said = text(html);
  for (const part of [/Communauté de communes de Rance et Dourdou \(fictive\) s’engage .* l’article 47 de la loi n° 2005-102/, /s’applique à : Soigner entre Rance et Dourdou/,
    /État de conformité .*conformité partielle .*version 4\.1\.2/, /Cabinet Fictif le 1er août 2026 révèle que 80 % des critères/, /taux moyen .* 91 %/, /Non-conformités Les plans n’ont pas de titres/,
    /Dérogations pour charge disproportionnée Une vidéo : Trop chère à décrire Autre moyen d’y accéder : Un texte/, /non soumis à l’obligation d’accessibilité Les cartes/, /établie le 1er septembre 2026.*mise à jour le 10 septembre 2026/,
    /Technologies utilisées .* HTML, CSS, SVG et JavaScript/, /Environnement de test Firefox 140, NVDA 2025/, /Outils pour évaluer l’accessibilité Contraste/, /vérification de conformité Accueil Ailleurs \(\/absente\/\)/,
    /acces@exemple\.fr 05 36 49 12 02/, /Défenseur des droits, Libre réponse 71120, 75342 Paris CEDEX 07/]) assert.match(said, part);
  assert.match(html, /href="\/accessibilite\/schema-pluriannuel\/"[\s\S]*href="\/accessibilite\/plans-annuels\/#a2026"/);
  assert.match(html, /href="https:\/\/formulaire\.defenseurdesdroits\.fr\/"/);
  assert.match(text(read(out, 'accessibilite/schema-pluriannuel/index.html')), /Du 1er janvier 2026 au 31 décembre 2028.*Direction fictive.*Deux jours par mois.*Un audit en 2027.*Premier schéma/);
  assert.match(text(read(out, 'accessibilite/plans-annuels/index.html')), /2026 .*Relire les tableaux Juin 2026 Faite.*Tenu/);
});

test('without an audit nothing is claimed, and the pages to audit are proposed', () => {
  const out = build(site(null)), html = read(out, 'accessibilite/index.html'), said = text(html);
  assert.match(said, /n’est pas conforme .*Aucun audit/);
  assert.ok(!/s’engage|critères du RGAA version/.test(said), 'nobody promised anything');
  const sample = [...html.slice(html.indexOf('Les pages qu’un audit')).match(/<ul>[\s\S]*?<\/ul>/)[0].matchAll(/href="([^"]*)"/g)].map(([, u]) => u);
  for (const url of ['/', '/contact/', '/mentions-legales/', '/accessibilite/', '/plan-du-site/', '/stages/', '/hebergements/']) assert.ok(sample.includes(url), url);
  for (const kind of ['stages', 'hebergements', 'etablissements']) assert.ok(sample.some((u) => new RegExp(`^/${kind}/[^/]+/$`).test(u)), `a page of ${kind}`);
  assert.equal(new Set(sample).size, sample.length);
  assert.ok(!existsSync(path.join(out, 'accessibilite/schema-pluriannuel')) && !existsSync(path.join(out, 'accessibilite/plans-annuels')));
});

const missing = [[/ {2}telephone: "05 36 49 12 00"\n/, ''], [/ {2}telephone: "05 36 49 12 01"\n/, ''], [/ {2}directeur_publication: .*\n/, '']];
const owed = [/téléphone de l’éditeur/i, /directeur ou de la directrice de la publication/i, /téléphone de l’hébergeur/i, /délégué à la protection des données/i, /déclaration d’accessibilité/i, /défaut d’accessibilité/i];
const complete = [/(directeur_publication: .*\n)/, '$1  delegue_protection_donnees: dpo@exemple.fr\n  referent_accessibilite: acces@exemple.fr\n'];
const goes = [/en_ligne: non/, 'en_ligne: oui'];

test('in preparation, what is missing is a list and nothing invented', () => {
  const dir = site(null, ...missing), { status, said, published } = run(dir);
  assert.ok(status === 0 && published);
  assert.match(said, /site\.yaml:\d+:\d+: note: Informations obligatoires encore à écrire avant la mise en ligne\u00a0: 6/);
  const out = build(dir), list = text(read(out, 'plan-du-site/index.html'));
  for (const duty of owed) assert.match(list, duty);
  assert.match(read(out, 'index.html'), /<aside class="avis[\s\S]*?href="\/plan-du-site\/#a-faire"/);
  assert.match(text(read(build(site(`etablie_le: 2026-09-01\n${scheme}`, complete)), 'plan-du-site/index.html')), /Toutes les informations obligatoires sont écrites/);
});

test('online, what is missing is an error for each, and nothing is published', () => {
  const { status, said, published } = run(site(null, ...missing, goes));
  assert.equal(status, 1);
  assert.ok(!published);
  for (const duty of owed) assert.match(said, duty);
  assert.equal(said.match(/: erreur:/g).length, owed.length, said);
  const half = run(site('etablie_le: 2026-09-01\n', complete, goes));
  assert.equal(half.status, 1);
  assert.match(half.said, /accessibilite\.yaml[^\n]*erreur: Le schéma pluriannuel/);
  assert.match(half.said, /accessibilite\.yaml[^\n]*erreur: Le plan d’actions de l’année/);
});

test('online, what is complete is published without a to-do list; what grows old is a warning', () => {
  const ready = site(`etablie_le: 2026-09-01\n${scheme}`, complete, goes), out = build(ready);
  assert.ok(!/a-faire/.test(read(out, 'plan-du-site/index.html')) && !/a-faire/.test(read(out, 'index.html')));
  const old = run(site(`etablie_le: 2026-09-01\n${scheme.replaceAll('2026', '2023').replace('2028', '2025')}`, complete, goes));
  assert.ok(old.status === 0 && old.published);
  assert.match(old.said, /attention: Le schéma pluriannuel s’arrête le 31 décembre 2025/);
  assert.match(old.said, /attention: Le plan d’actions de l’année 2026 manque/);
});

test('an audit that contradicts itself, a scheme that is too long', () => {
  const list = 'non_conformites: ["Un défaut"]\n';
  assert.match(run(site(audit('', list).replace('80', '100'))).said, /erreur: Un site qui respecte 100 %/);
  assert.match(run(site(audit(''))).said, /attention: L’audit trouve 80\s% de critères respectés/);
  assert.ok(!/L’audit trouve/.test(run(site(audit('', list))).said));
  assert.match(run(site(`etablie_le: 2026-09-01\n${scheme.replace('2028-12-31', '2029-01-01')}`)).said, /erreur: Un schéma pluriannuel dure trois ans au plus/);
});

test('one translation is not enough, none or two are', () => {
  const said = (languages) => /loi n° 94-665, art\. 4/.test(run(site(null, [/langues: \[fr\]\n/, `langues: [${languages}] \n`])).said);
  assert.deepEqual(['fr', 'fr, en', 'fr, en, de'].map(said), [false, true, false]);
});

test('the legal notice says what site.yaml says', () => {
  const said = text(read(build(site(null)), 'mentions-legales/index.html'));
  for (const fact of [/Rance et Dourdou \(fictive\)/, /999999998/, /1 place de l’Exemple, 12360 Camarès/, /05 36 49 12 00/, /Dominique Exemple, président fictif/, /Hébergeur d’exemple/, /2 rue de l’Exemple, 12000 Rodez/, /05 36 49 12 01/]) assert.match(said, fact);
});
