// What `vitrine serve` keeps of the site from one save to the next (generator/reload.c): whatever it keeps, each page is the one that a build makes.
// That something is kept can be seen by a change that nobody tells it of: one written through another name of the file, outside the site.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, test } from 'node:test';
import { copySite, files, get, root, script, serve, temporary, vitrine } from './server.mjs';

const theme = 'themes/portail/', item = 'content/etablissements/msp-belmont.md', other = 'content/etablissements/pharmacie-belmont.md';
const hidden = 'content/etablissements/ehpad-camares.md', unseen = '/etablissements/ehpad-camares/', page = '/etablissements/msp-belmont/';
let dir, server, secret, mark = 0, first;
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
  return !(await see(unseen)).includes(word);
}

/** Every page that a build has. */
async function asBuilt() {
  const out = path.join(temporary(), 'public');
  const run = spawnSync(vitrine, ['build', '-C', dir, '-o', out, '--no-sync', '--quiet'], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  const names = files(out).filter((n) => !['_headers', '_redirects', '.htaccess', 'nginx.conf', '.vitrine-publie'].includes(n));
  for (const name of names) {
    const answer = await get(server, encodeURI('/' + name.replace(/(^|\/)index\.html$/, '$1'))), built = readFileSync(path.join(out, name));
    if (answer.status === 301) continue;
    assert.equal(answer.status, 200, name);
    assert.equal(answer.body.toString('latin1').replace(script, ''), built.toString('latin1'), name);
  }
}

/** All that was written unseen is seen. */
const whole = () => edit('content/site.yaml', /$/, '# \n');

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

describe('what a save changes is made anew', () => {
  beforeEach(async () => { whole(); await see('/'); });

  test('a title, in the lists', async () => {
    assert.ok(!await kept(() => edit(item, /^titre: .*/m, 'titre: Maison au grand titre')));
    assert.match(await see('/etablissements/'), /Maison au grand titre/);
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
