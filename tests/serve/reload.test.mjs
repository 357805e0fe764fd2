// What `vitrine serve` keeps of the site from one save to the next (generator/reload.c): whatever it keeps, each page is the one that a build makes.
// That something is kept can be seen by a change that nobody tells it of: one written through another name of the file, outside the site.
import assert from 'node:assert/strict';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { build, copySite, endAll, files, get, root, sameAsBuilt, serve } from './server.mjs';

after(endAll);

const theme = 'themes/portail/', item = 'content/etablissements/msp-belmont.md', other = 'content/etablissements/pharmacie-belmont.md';
const place = 'content/lieux-dits/la-combe.md', place2 = 'content/lieux-dits/le-puech.md', border = 'content/bornes/sommet.md';
const hidden = 'content/etablissements/ehpad-camares.md', unseen = '/etablissements/ehpad-camares/', page = '/etablissements/msp-belmont/';
let dir, server, secret, mark = 0, first, shown;
const file = (name) => path.join(dir, name), read = (name) => readFileSync(file(name), 'utf8');
const see = async (url) => (await get(server, url)).text;

function write(name, text) {
  mkdirSync(path.dirname(file(name)), { recursive: true });
  writeFileSync(file(name), text);
}
const edit = (name, from, to) => {
  const text = read(name), now = text.replace(from, to);
  assert.notEqual(now, text, `${name} has no ${from}`);
  write(name, now);
};

/** What a save may not change, kept or made anew? Something has been asked for after it. */
async function kept(save) {
  const word = `Secret ${++mark}`;
  writeFileSync(secret, readFileSync(secret, 'utf8').replace(/^titre: .*/m, `titre: ${word}`));
  await save();
  if (!(await see(unseen)).includes(word)) return true;
  shown = readFileSync(secret, 'utf8');
  return false;
}

const asBuilt = () => sameAsBuilt(server, build(dir));

/** But for what was written unseen. */
async function asBuiltUnseen() {
  const now = readFileSync(secret, 'utf8');
  writeFileSync(secret, shown);
  await asBuilt();
  writeFileSync(secret, now);
}

/** All that was written unseen is seen. */
const whole = () => {
  shown = readFileSync(secret, 'utf8');
  edit('content/site.yaml', /$/, '# \n');
};

before(async () => {
  dir = copySite(path.join(root, 'tests/sites/petite-cc'));
  secret = path.join(path.dirname(dir), 'autre-nom.md');
  linkSync(file(hidden), secret);
  write('routes.lua', 'local mots_du_site = require("mots-du-site")\nroute{url = "/essai/" .. mots_du_site.nom .. "/", layout = "essai.html", params = {titre = t("contact"), corps_de = mots_du_site.lu()}}\n' +
    'route{url = "/assets/essai.txt", layout = "essai-ressource.txt", vague = 1}\n');
  write('lib/mots-du-site.lua', 'local m = {nom = "un"}\nfunction m.lu() return site:item("etablissement", "pharmacie-belmont").texte end\nreturn m\n');
  write('lib/a-part.lua', 'return {mot = "mot un"}\n');
  write('layouts/essai.html', '<p>{{ params.titre }}|{{ require("a-part").mot }}|{{ params.corps_de or "" }}|{{ asset("essai.txt") }}</p>');
  write('layouts/essai-ressource.txt', 'ressource un');
  // Texts of fields: those that addresses, orders, routes.lua or a resource are made of, and others.
  write('types/lieu-dit.yaml', 'type: lieu-dit\nnom: Lieu-dit\npluriel: Lieux-dits\ngenre: m\ndossier: lieux-dits\ninclut: [base]\nessentiel: [titre, resume, canton]\n' +
    'complements: [code, devise, voisin]\ntri: [voisin, titre]\nurl: "/lieux-dits/{canton}/{slug}/"\nchamps:\n  canton: {type: texte, requis: oui, libelle: Canton}\n' +
    '  code: {type: texte, unique: oui, libelle: Code}\n  devise: {type: texte, libelle: Devise}\n  voisin: {type: ref, ref: borne, libelle: Voisin}\n');
  write('types/borne.yaml', 'type: borne\nnom: Borne\npluriel: Bornes\ngenre: f\ndossier: bornes\nurl: non\ninclut: [base]\nessentiel: [titre, resume, rang]\ntri: [rang]\n' +
    'champs:\n  rang: {type: entier, requis: oui, libelle: Rang}\n');
  write(border, '---\ntitre: Sommet\nresume: En haut.\nrang: 1\n---\n');
  write('content/bornes/creux.md', '---\ntitre: Fond\nresume: En bas.\nrang: 2\n---\n');
  write('layouts/lieu-dit.html', '<h1>{{ page.titre }}</h1>|{{ page.resume }}|{{ page.devise or "" }}|{{ page.voisin and page.voisin.titre or "" }}|{{ asset("lieux-dits.txt") }}|' +
    '{% for x in site.lieux_dits %}{{ x.titre }},{% end %}{{ page.corps or "" }}');
  write('layouts/lieux-dits.txt', '{% for x in site.lieux_dits %}{{ x.titre }};{% end %}');
  write('layouts/devise.txt', '{{ params.titre }}');
  write(place, '---\ntitre: La Combe\nresume: Un creux.\ncanton: Belmont\ncode: "1"\ndevise: Doucement.\nvoisin: sommet\nmaj_le: 2026-08-10\n---\nUn creux avec [](lieu-dit:le-puech).\n');
  write(place2, '---\ntitre: Le Puech\nresume: Une bosse.\ncanton: Belmont\ncode: "2"\nvoisin: creux\n---\nUne bosse avec [](lieu-dit:la-combe).\n');
  write('content/lieux-dits/le-puy.md', '---\ntitre: Le Puy\nresume: Une autre bosse.\ncanton: Belmont\n---\n');
  write('content/lieux-dits/les-prats.md', '---\ntitre: Les Prats\nresume: Un pré.\ncanton: Belmont\n---\n');
  write('routes.lua', read('routes.lua') + 'route{url = "/assets/lieux-dits.txt", layout = "lieux-dits.txt", vague = 1}\n' +
    'local combe = site:item("lieu-dit", "la-combe")\nif combe then route{url = "/essai/devise.txt", layout = "devise.txt", params = {titre = combe.devise or "aucune"}} end\n' +
    'if combe and combe.devise == "Note." then signaler(combe, "code", "essai de note", "note") end\n');
  first = Object.fromEntries(files(dir).map((name) => [name, read(name)]));
  server = await serve(dir);
});
after(() => server.stop());

describe('what a save cannot change is kept', () => {
  beforeEach(async () => { whole(); await see('/'); });

  test('a layout', async () => {
    assert.ok(await kept(() => edit(theme + 'layouts/etablissement.html', '<h1', '<h1 data-essai="un"')));
    assert.match(await see(page), /data-essai="un"/);
    assert.ok(await kept(() => edit(theme + 'layouts/etablissement.html', 'data-essai="un"', 'data-essai="deux"')));
    assert.match(await see(page), /data-essai="deux"/);
    whole();
    assert.match(await see(unseen), new RegExp(`Secret ${mark}`));
    await asBuilt();
  });

  test('a stylesheet, and the fingerprints that pages name', async () => {
    const [before] = (await see(page)).match(/\/assets\/style\.[0-9a-f]{8}\.css/);
    assert.ok(await kept(() => edit(theme + 'assets/style.css', /$/, '\n.essai { color: red }\n')));
    const [now] = (await see(page)).match(/\/assets\/style\.[0-9a-f]{8}\.css/);
    assert.notEqual(now, before);
    assert.match(await see(now), /\.essai/);
    assert.equal((await get(server, before)).status, 404);
    whole();
    await asBuilt();
  });

  test('a module that routes.lua does not ask for, and one that it does', async () => {
    assert.ok(await kept(() => write('lib/a-part.lua', 'return {mot = "mot deux"}\n')));
    assert.match(await see('/essai/un/'), /\|mot deux\|/);
    assert.ok(await kept(() => edit('lib/mots-du-site.lua', '"un"', '"deux"')), 'the site is kept, the pages are planned anew');
    assert.equal((await get(server, '/essai/un/')).status, 404);
    assert.match(await see('/essai/deux/'), /\|mot deux\|/);
    write('lib/mots-du-site.lua', first['lib/mots-du-site.lua'].replace('"un"', 'require("a-part").mot:sub(1, 3)'));
    assert.match(await see('/essai/mot/'), /\|mot deux\|/);
    write('lib/a-part.lua', 'return {mot = "essai"}\n');      // asked for by a module that is
    assert.match(await see('/essai/ess/'), /\|essai\|/);
    whole();
    await asBuilt();
    write('lib/mots-du-site.lua', first['lib/mots-du-site.lua']);
    write('lib/a-part.lua', first['lib/a-part.lua']);
  });

  test('strings, those of titles too', async () => {
    assert.ok(await kept(() => edit(theme + 'i18n/fr.yaml', /^contact: .*/m, 'contact: Nous joindre')));
    assert.match(await see('/essai/un/'), /<p>Nous joindre\|/);
    assert.match(await see('/contact/'), /Nous joindre/);
    whole();
    await asBuilt();
  });

  test('routes.lua', async () => {
    assert.ok(await kept(() => edit('routes.lua', /$/, 'route{url = "/essai/autre/", layout = "essai.html", params = {titre = "Autre"}}\n')));
    assert.match(await see('/essai/autre/'), /<p>Autre\|/);
    whole();
    await asBuilt();
  });

  test('the layout of a resource', async () => {
    const [, before] = (await see('/essai/un/')).match(/\|(\/assets\/essai\.[0-9a-f]{8}\.txt)</);
    assert.equal(await see(before), 'ressource un');
    assert.ok(await kept(() => write('layouts/essai-ressource.txt', 'ressource deux')));
    const [, now] = (await see('/essai/un/')).match(/\|(\/assets\/essai\.[0-9a-f]{8}\.txt)</);
    assert.equal(await see(now), 'ressource deux');
    whole();
    await asBuilt();
  });

  test('the words of a text', async () => {
    assert.ok(await kept(() => edit(item, 'chauffé au bois', 'chauffé au soleil')));
    assert.match(await see(page), /chauffé au soleil/);
    assert.ok(await kept(() => { write(`${item}.nouveau`, read(item).replace('soleil', 'vent')); renameSync(file(`${item}.nouveau`), file(item)); }));
    assert.match(await see(page), /chauffé au vent/);
    assert.ok(await kept(() => edit(other, /$/, '\nPhrase lue par une route.\n')));
    assert.match(await see('/essai/un/'), /Phrase lue par une route/);
    whole();
    await asBuilt();
  });
});

describe('texts of fields', () => {
  const combe = '/lieux-dits/belmont/la-combe/', puech = '/lieux-dits/belmont/le-puech/';
  const texts = [place, place2, border, item, 'content/lieux-dits/le-puy.md', 'content/lieux-dits/les-prats.md'];
  beforeEach(async () => {
    for (const name of texts) write(name, first[name]);
    whole();
    await see('/');
  });
  after(async () => {
    for (const name of texts) write(name, first[name]);
    await see('/');
  });

  test('a title that stays where it is in its list', async () => {
    assert.ok(await kept(() => edit(place2, /^titre: .*/m, 'titre: Le Grand Puech')));
    assert.match(await see(puech), /<h1>Le Grand Puech<\/h1>/);
    assert.match(await see(combe), />Le Grand Puech<\/a>/);
    await see('/');
    assert.ok(await kept(() => edit(place2, /^titre: .*/m, 'titre: Le Puech haut')), 'and once more');
    assert.match(await see(puech), /<h1>Le Puech haut/);
    assert.match(await see((await see(puech)).match(/\/assets\/lieux-dits\.[0-9a-f]{8}\.txt/)[0]), /Le Puech haut;/);
    whole();
    await asBuilt();
  });

  test('a title that routes and resources read', async () => {
    assert.ok(await kept(() => edit(item, /^titre: .*/m, 'titre: Maison de santé de Belmont')));
    assert.match(await see('/etablissements/'), /Maison de santé de Belmont</);
    await asBuiltUnseen();
    assert.ok(await kept(() => edit(place, /^devise: .*/m, 'devise: Vite.')));
    assert.equal(await see('/essai/devise.txt'), 'Vite.');
    await asBuiltUnseen();
  });

  test('other texts, with the body, of several items, and back', async () => {
    assert.ok(await kept(() => write(place, read(place).replace('Un creux.', 'Un vallon.').replace('Un creux avec', 'Un vallon avec'))));
    assert.match(await see(combe), /\|Un vallon\.\|/);
    assert.match(await see(combe), /Un vallon avec/);
    assert.ok(await kept(() => edit(place2, 'Une bosse.', 'Un mamelon.')));
    assert.ok(await kept(() => edit(item, /^nom_court: .*/m, 'nom_court: La MSP')));
    await asBuiltUnseen();
    assert.ok(await kept(() => write(place, first[place])));
    assert.match(await see(combe), /\|Un creux\.\|/);
    await asBuiltUnseen();
  });

  test('titles that change places', async () => {
    assert.ok(!await kept(() => edit('content/lieux-dits/les-prats.md', /^titre: .*/m, 'titre: La Prade')));
    assert.match(await see(combe), /La Prade,Le Puy,/);
    await asBuilt();
    assert.ok(await kept(() => edit('content/lieux-dits/les-prats.md', /^titre: .*/m, 'titre: Le Mas')), 'before the other still');
    assert.ok(!await kept(() => edit('content/lieux-dits/le-puy.md', /^titre: .*/m, 'titre: Le Bez')), 'that one comes before it now');
    assert.match(await see(combe), /Le Bez,Le Mas,/);
    await asBuilt();
  });

  test('a title that others stand in the order of', async () => {
    assert.ok(!await kept(() => edit(border, /^titre: .*/m, 'titre: Arrête')));
    assert.match(await see(combe), /La Combe,Le Puech,/);
    await asBuilt();
  });

  test('texts of addresses, and those that may not be twice', async () => {
    assert.ok(!await kept(() => edit(place, 'canton: Belmont', 'canton: Camarès')));
    assert.match(await see('/lieux-dits/camares/la-combe/'), /La Combe/);
    assert.equal((await get(server, combe)).status, 404);
    await asBuilt();
    const told = server.said().length;
    edit(place, 'code: "1"', 'code: "2"');
    await see('/');
    assert.match(server.said().slice(told), /code/);
    edit(place, 'code: "2"', 'code: "3"');
    await see('/');
    await asBuilt();
  });

  test('what is no text: a date, a reference, a text that comes or goes, a wrong one', async () => {
    for (const [from, to] of [['maj_le: 2026-08-10', 'maj_le: 2026-08-11'], ['voisin: sommet', 'voisin: creux'], [/^devise: .*\n/m, ''], ['code: "1"', 'code: "1"\ndevise: Encore.'],
      ['maj_le: 2026-08-11', 'maj_le: 2026-08-11\nbrouillon: oui'], ['\nbrouillon: oui', '']]) {
      assert.ok(!await kept(() => edit(place, from, to)), `${from}`);
      await asBuilt();
    }
    assert.ok(!await kept(() => edit(item, 'categorie: msp', 'categorie: cabinet')));
    await asBuilt();
    const told = server.said().length;
    edit(place, 'titre: La Combe', 'titre: ""');
    await see('/');
    assert.match(server.said().slice(told), /titre/);
    edit(place, 'titre: ""', 'titre: La Combe');
    await see('/');
    await asBuilt();
  });

  test('what routes.lua says of an item whose texts are others stands in the right place', async () => {
    const told = server.said().length;
    edit(place, /^titre: .*/m, 'titre: La Combe\n# une ligne de plus');
    await see('/');
    edit(place, 'Doucement.', 'Note.');
    await see('/');
    assert.match(server.said().slice(told), /la-combe\.md:6:7: note: essai de note/);
    await asBuilt();
  });
});

describe('what a save changes is made anew', () => {
  beforeEach(async () => { whole(); await see('/'); });

  test('a title, in the lists', async () => {
    assert.ok(!await kept(() => edit(item, /^titre: .*/m, 'titre: Une maison au grand titre')));
    assert.match(await see('/etablissements/'), /Une maison au grand titre/);
    await asBuilt();
  });

  test('a heading, for links that lead to it', async () => {
    assert.ok(!await kept(() => edit(item, "## L'activité", '## Les journées')));
    assert.match(await see(page), /id="les-journees"/);
    await asBuilt();
  });

  test('a link to an item that is missing, then mended', async () => {
    edit(other, /$/, '\nVoir [la maison](etablissement:msp-nulle-part).\n');
    const answer = await get(server, page);
    assert.match(server.said() + answer.text, /msp-nulle-part/);
    assert.doesNotMatch((await get(server, '/etablissements/pharmacie-belmont/')).text, /nulle-part/);
    edit(other, 'etablissement:msp-nulle-part', 'etablissement:msp-belmont');
    assert.match(await see('/etablissements/pharmacie-belmont/'), /href="\/etablissements\/msp-belmont\/"/);
    await asBuilt();
  });

  test('a page that a link by address leads to comes, and goes', async () => {
    edit(other, /$/, '\nVoir [cette page](/essai/venue/).\n');
    await see('/');
    assert.match(server.said(), /\/essai\/venue\//);
    edit('routes.lua', /$/, 'route{url = "/essai/venue/", layout = "essai.html", params = {titre = "Venue"}}\n');
    assert.match(await see('/etablissements/pharmacie-belmont/'), /href="\/essai\/venue\/"/);
    const told = server.said().length;
    edit('routes.lua', 'route{url = "/essai/venue/"', 'route{url = "/essai/partie/"');
    await see('/');
    assert.match(server.said().slice(told), /\/essai\/venue\//);
    edit('routes.lua', 'route{url = "/essai/partie/"', 'route{url = "/essai/venue/"');
    await see('/');
    await asBuilt();
  });

  test('errors of layouts, modules, strings and stylesheets come and go', async () => {
    for (const [name, from, to] of [[theme + 'layouts/etablissement.html', '<h1', '{% fin_de_rien %}<h1'], ['lib/a-part.lua', 'return {', 'retour {'],
      [theme + 'i18n/fr.yaml', /^contact: .*/m, 'contact: [un'], [theme + 'assets/style.css', /$/, '\n.x { background: url("absente.png") }\n'],
      ['lib/mots-du-site.lua', 'return m', 'return n']]) {
      const good = read(name), told = server.said().length;
      edit(name, from, to);
      await see('/');
      assert.match(server.said().slice(told), new RegExp(path.basename(name)), name);
      write(name, good);
      await see('/');
      await asBuilt();
    }
  });

  test('a text that has two names', async () => {
    const both = 'content/hebergements/studio-camares.md', double = file('content/hebergements/studio-double.md');
    symlinkSync('studio-camares.md', double);
    whole();
    await see('/');
    assert.ok(!await kept(() => edit(both, /$/, '\nPhrase à deux noms.\n')));
    assert.match(await see('/hebergements/studio-double/'), /Phrase à deux noms/);
    rmSync(double);
    await see('/');
    await asBuilt();
  });

  test('a file that comes or goes', async () => {
    write('layouts/etablissement.html', '<p>{{ page.titre }} du site</p>');
    assert.match(await see(page), /<p>[^<]* du site<\/p>/);
    rmSync(file('layouts/etablissement.html'));
    assert.doesNotMatch(await see(page), / du site<\/p>/);
    await asBuilt();
  });
});
