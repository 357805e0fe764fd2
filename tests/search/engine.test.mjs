// The engine and the index, point by point: words, facets and their counts, sorts, distances, corrections, excerpts, consent, threads.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { addresses, asked, build, copied, files, generated, header, marquer, mots, open, parts, plier, root } from './index.mjs';

const out = build(root), ix = await open(out);
const all = async (question) => (await ix.chercher({ ...question, limite: ix.n })).resultats;
const cards = async (question) => ix.cartes(await all(question));

test('words: both apostrophes part, accents and ligatures fold, initials join', () => {
  assert.deepEqual(mots("L’accueil d'été à l'hôpital Saint-Flour"), ['l', 'accueil', 'd', 'ete', 'a', 'l', 'hopital', 'saint', 'flour']);
  assert.deepEqual(mots('C.H.U. de Tours (I.F.S.I.)'), ['chu', 'de', 'tours', 'ifsi']);
  assert.deepEqual(mots('cœur, Œuvre, ÆGIDE, straße'), ['coeur', 'oeuvre', 'aegide', 'strasse']);
  assert.equal(plier('PÉDIATRIE'), plier('pe\u0301diatrie'));
});

test('accents, apostrophes, capitals and hyphens make no difference', async () => {
  for (const [a, b] of [['médecine générale', 'MEDECINE GENERALE'], ['l’internat', "l'internat"], ['saint-flour', 'Saint Flour'], ['aide-soignant', 'aide soignant']]) {
    assert.deepEqual(await addresses(ix, a, 50), await addresses(ix, b, 50), `${a} / ${b}`);
  }
});

test('an inflection finds the others; a start of a word finds the whole while it is typed', async () => {
  const hebergement = new Set(await addresses(ix, 'hébergement ', 400));
  for (const url of await addresses(ix, 'hébergements ', 400)) assert.ok(hebergement.has(url), url);
  const whole = await all({ texte: 'pédiatrie ' }), start = await all({ texte: 'pédiatr' });
  assert.ok(whole.length > 1 && whole.every((d) => start.includes(d)));
  assert.equal((await ix.chercher({ texte: 'ped kine ' })).corrige, null);
});

test('dates as they are typed, and the name of what one looks for, find', async () => {
  assert.ok((await addresses(ix, '26 novembre 2026 ', 5)).includes('/evenements/journee-accueil-blois-2026-11/'));
  const autumn = await all({ texte: 'novembre 2026 ', choix: { type: ['terrain-de-stage'] } }), open = await all({ choix: { type: ['terrain-de-stage'], semestre: ['2026-11'] } });
  assert.ok(open.length > 5 && open.every((d) => autumn.includes(d)), `${autumn.length} found, ${open.length} to be chosen`);
  const testimonies = await all({ texte: 'témoignage ', choix: { type: ['temoignage'] } });
  assert.equal(testimonies.length, (await all({ choix: { type: ['temoignage'] } })).length);
});

test('one mistake is forgiven, two in a long word, none in a number', async () => {
  assert.equal((await ix.chercher({ texte: 'pyschiatrie' })).corrige, 'psychiatrie');
  assert.equal((await ix.chercher({ texte: 'kinésitérapie blois ' })).corrige, 'kinesitherapie blois');
  assert.equal((await ix.chercher({ texte: 'hôpital ' })).corrige, null);
  const number = await ix.chercher({ texte: '99991 ' });
  assert.deepEqual([number.corrige, number.total], [null, 0]);
});

test('between quotes, words follow each other', async () => {
  const phrase = await cards({ texte: '"médecine générale"' }), loose = await all({ texte: 'médecine générale ' });
  assert.ok(phrase.length > 5 && phrase.length < loose.length, `${phrase.length} of ${loose.length}`);
  for (const c of await ix.cartes(phrase.map((x) => x.id), [])) {
    const page = readFileSync(path.join(out, c.url, 'index.html'), 'utf8').replace(/<[^>]+>/g, ' ');
    assert.ok(` ${mots(page).join(' ')} `.includes(' medecine generale '), c.url);
  }
  assert.equal((await all({ texte: '"junior docteur"' })).length, 0);
});

test('facets: what a choice counts is what it gives, the others kept; unknown is a value of its own', async () => {
  const base = { texte: '', choix: { type: ['terrain-de-stage', 'offre'], territoire: ['est-cantal', 'haute-gironde'] } };
  const r = await ix.chercher(base);
  for (const { nom, valeurs } of ix.facettes) {
    for (const cle of [...valeurs.map((v) => v.cle), '']) {
      const alone = await ix.chercher({ ...base, choix: { ...base.choix, [nom]: [cle] } });
      assert.equal(r.comptes[nom][cle], alone.total, `${nom}: ${cle || 'unknown'}`);
      if (cle) for (const c of await ix.cartes(alone.resultats)) assert.ok(c[nom].includes(cle), `${nom} of ${c.url}`);
      else for (const c of await ix.cartes(alone.resultats)) assert.deepEqual(c[nom], []);
    }
  }
  assert.equal(ix.facettes[0].nom, 'type');
});

test('combinations that give nothing tell what one choice less would give', async () => {
  const question = { texte: 'chambord', choix: { type: ['offre'], territoire: ['est-cantal'] } }, r = await ix.chercher(question);
  assert.equal(r.total, 0);
  for (const { contrainte, nombre } of r.proches.filter((p) => p.contrainte !== 'mot')) {
    const less = { ...question, choix: { ...question.choix } };
    if (contrainte === 'texte') less.texte = '';
    else delete less.choix[contrainte];
    assert.equal((await ix.chercher(less)).total, nombre, contrainte);
  }
  assert.ok(r.proches.length > 0);
  const words = await ix.chercher({ texte: 'chambord internat ' });
  assert.ok(words.total > 0 || words.proches.some((p) => p.contrainte === 'mot'));
});

test('distances: sorted, unknown last and never near', async () => {
  const [, , , lat, lon] = header(out).facultes.find(([cle]) => cle === 'bordeaux'), bordeaux = { lat, lon };
  for (const depuis of [{ lat: bordeaux.lat, lon: bordeaux.lon }, { trajet: 'bordeaux' }]) {
    const r = await ix.chercher({ choix: { type: ['terrain-de-stage'] }, depuis, tri: 'distance', limite: 100 });
    const known = r.distances.filter((x) => x !== null);
    assert.ok(known.length > 2);
    assert.deepEqual(known, [...known].sort((a, b) => a - b));
    assert.ok(r.distances.slice(known.length).every((x) => x === null));
  }
  const near = await ix.chercher({ depuis: { trajet: 'bordeaux', max: 60 }, limite: 500 });
  assert.ok(near.total > 0 && near.distances.every((x) => x !== null && x <= 60));
  const radius = await ix.chercher({ depuis: { lat: bordeaux.lat, lon: bordeaux.lon, rayon_km: 40 }, limite: 500 });
  assert.ok(radius.total > 0 && radius.distances.every((x) => x <= 40));
  const nowhere = await ix.chercher({ depuis: { trajet: 'atlantide' }, limite: 5 });
  assert.deepEqual(nowhere.distances, [null, null, null, null, null], 'a faculty without journeys');
});

test('the walk of a resident: Saspas, November, with lodging, nearest to the faculty of Bordeaux', async () => {
  const r = await ix.chercher({ choix: { type: ['terrain-de-stage'], public: ['interne'], niveau: ['interne_saspas'], semestre: ['2026-11'], logement: ['avec'] },
    depuis: { trajet: 'bordeaux' }, tri: 'distance' });
  assert.equal((await ix.cartes(r.resultats))[0].url, '/stages/saspas-saint-ciers-bourg/');
});

test('sorts by title, date, start', async () => {
  const titles = (await cards({ choix: { type: ['etablissement'] }, tri: 'titre' })).map((c) => c.titre);
  assert.deepEqual(titles, [...titles].sort(new Intl.Collator('fr', { numeric: true }).compare));
  const data = JSON.parse(readFileSync(path.join(out, 'donnees/offres.json'), 'utf8')).items, published = new Map(data.map((o) => [new URL(o.url).pathname, o.champs.publie_le]));
  const dates = (await cards({ choix: { type: ['offre'] }, tri: 'date' })).map((c) => published.get(c.url));
  assert.deepEqual(dates, [...dates].sort().reverse());
  const events = (await cards({ choix: { type: ['evenement'] }, tri: 'debut' })).map((c) => c.debut[0]);
  assert.deepEqual(events, [...events].sort());
});

test('excerpts mark what was looked for and lose nothing', async () => {
  const r = await ix.chercher({ texte: 'internat blaye' });
  for (const c of await ix.cartes(r.resultats, r.termes)) assert.ok(c.extrait.length && c.extrait.map((x) => x.t).join('').length <= 200, c.url);
  assert.ok((await ix.cartes(r.resultats.slice(0, 3), r.termes)).some((c) => c.extrait.some((x) => x.m && plier(x.t) === 'internat')));
  for (const s of ['', 'Un', 'L’hôpital d’Ingwiller, à l’hôpital']) assert.equal(marquer(s, ['hopital']).map((x) => x.t).join(''), s);
  assert.deepEqual(marquer('L’hôpital', ['hopital']), [{ t: 'L’', m: undefined }, { t: 'hôpital', m: true }].map(({ t, m }) => ({ t, m })));
});

test('what expired, waits or is a draft is not in it', async () => {
  const urls = new Set((await cards({})).map((c) => c.url));
  for (const gone of ['/aides/contrat-aide-installation-caim/']) assert.ok(!urls.has(gone));
  const listed = JSON.parse(readFileSync(path.join(out, 'donnees/offres.json'), 'utf8')).items.map((o) => new URL(o.url).pathname);
  assert.deepEqual([...urls].filter((u) => u.startsWith('/offres/')).sort(), listed.sort());
  const site = copied();
  writeFileSync(path.join(site, 'content/pages/secret.md'), '---\ntitre: Zyxwvut\nbrouillon: true\n---\nZyxwvut.\n');
  for (const [name, bytes] of parts(build(site))) assert.ok(!/zyxwvut/i.test(bytes.toString()), name);
});

test('a person is in the index only within a consent that names it, in every byte of it', () => {
  const site = copied(), file = path.join(site, 'content/professionnels/maitre-de-stage-mondoubleau.md'), source = readFileSync(file, 'utf8');
  const holds = (options = []) => [...parts(build(site, ...options))].filter(([, b]) => /claude\sexemple|(^|\n)claude(\n|$)/iu.test(b.toString())).map(([name]) => name);
  assert.match(source, /nom: Dr\sClaude\sExemple/u);
  assert.deepEqual(holds(), [], 'scope page and embed only');
  writeFileSync(file, source.replace('portee: [page, embed]', 'portee: [page, index]'));
  assert.ok(holds().length > 1, 'with the scope index');
  assert.deepEqual(holds(['--date', '2027-06-01']), [], 'after its end');
});

test('a person who agrees is found by name', async () => {
  const site = copied(), file = path.join(site, 'content/professionnels/maitre-de-stage-mondoubleau.md');
  writeFileSync(file, readFileSync(file, 'utf8').replace('portee: [page, embed]', 'portee: [page, index]'));
  assert.deepEqual(await addresses(await open(build(site)), 'claude exemple', 1), ['/professionnels/maitre-de-stage-mondoubleau/']);
});

test('the same bytes for any number of threads; one language, one index', () => {
  const site = generated(300), one = parts(build(site, '-j', '1')), many = parts(build(site, '-j', '7'));
  assert.deepEqual([...one.keys()], [...many.keys()]);
  for (const [name, bytes] of one) assert.ok(bytes.equals(many.get(name)), name);
});

test('a first answer asks for little', async () => {
  asked.length = 0;
  const fresh = await open(out), r = await fresh.chercher({ texte: 'hébergement' });
  await fresh.cartes(r.resultats);
  const bytes = asked.reduce((n, a) => n + a.bytes, 0);
  assert.ok(asked.length <= 12 && bytes < 40000, `${asked.length} requests, ${bytes} bytes`);
});

test('a part that cannot be read fails the call, and is asked for again', async () => {
  const copy = build(generated(40)), broken = await open(copy), folder = path.join(copy, 'assets/recherche', header(copy).dossier), t0 = path.join(folder, 't0.bin');
  const bytes = readFileSync(t0);
  rmSync(t0);
  await assert.rejects(broken.chercher({ texte: 'accueil' }), /404/);
  writeFileSync(t0, bytes);
  assert.ok((await broken.chercher({ texte: 'accueil' })).total > 0);
  assert.ok(files(folder).length > 5);
});
