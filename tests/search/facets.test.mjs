// What can be chosen in the panels of lists (themes/portail/recherche.yaml) is what their plain pages lead to (lib/facettes.lua): the same
// facets, the same items; and the panel has a place for every facet that there is.
import test from 'node:test';
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { build, copied, files, generated, open, root } from './index.mjs';

const out = build(root), ix = await open(out);
const html = (dir, url) => readFileSync(path.join(dir, url, 'index.html'), 'utf8');
const typeOf = (page) => page.match(/<template id="vif"[^>]* data-type="([^"]*)"/)?.[1];

/** The addresses of the items in a list and its further pages, as a reader without scripts finds them. */
function plainList(dir, url) {
  const found = new Set();
  for (let n = 1; ; n++) {
    const at = n === 1 ? url : `${url}page/${n}/`;
    if (!existsSync(path.join(dir, at, 'index.html'))) return found;
    const list = html(dir, at).match(/<(?:ul|ol) class="(?:cartes|agenda|sessions)">[^]*?<\/main>/)[0];
    for (const [, href] of list.matchAll(/<h[234][^>]*>\s*<a href="([^"]+)"/g)) found.add(href);
  }
}

async function chosen(index, type, choix) {
  const r = await index.chercher({ choix: { type: [type], ...choix }, limite: index.n });
  return new Set((await index.cartes(r.resultats)).map((c) => c.url));
}

async function agree(dir, index, t) {
  let pages = 0;
  const lists = files(dir).map((f) => f.match(/^([a-z-]+)\/index\.html$/)?.[1]).filter((s) => s && typeOf(html(dir, s)));
  for (const list of lists) {
    const type = typeOf(html(dir, list));
    for (const f of files(path.join(dir, list))) {
      const [, facet, value] = f.match(/^([a-z]+)\/([a-z0-9-]+)\/index\.html$/) ?? [];
      if (!value || facet === 'page') continue;
      const known = index.facettes.find((x) => x.nom === facet);
      assert.ok(known, `/${list}/${f}: no facet « ${facet} » in recherche.yaml`);
      const { cle } = known.valeurs.find((v) => v.cle.replaceAll('_', '-') === value) ?? {};
      assert.ok(cle, `/${list}/${f}: the index has no such value`);
      const plain = [...plainList(dir, `/${list}/${facet}/${value}/`)].sort(), live = [...await chosen(index, type, { [facet]: [cle] })].sort();
      assert.ok(plain.length > 0, f);
      assert.deepEqual(live, plain, `/${list}/${facet}/${value}/`);
      pages++;
    }
  }
  t.diagnostic(`${lists.length} lists, ${pages} pages of a value`);
  return pages;
}

test('a choice gives what its plain page lists: demonstration', async (t) => assert.ok(await agree(out, ix, t) > 100));
test('a choice gives what its plain page lists: 300 items', async (t) => {
  const dir = build(generated(300));
  assert.ok(await agree(dir, await open(dir), t) > 20);
});

test('the panel has a place, and words, for each facet of the index, and for no other', () => {
  const told = JSON.parse(html(out, 'stages').match(/<template id="vif"[^]*?<script type="application\/json">([^]*?)<\/script>/)[1]).titres;
  const names = told.map((x) => x.nom).filter((n) => n !== 'depuis');
  assert.deepEqual([...names].sort(), ix.facettes.map((f) => f.nom).filter((n) => n !== 'type').sort());
  for (const x of told) if (x.nom !== 'depuis') assert.ok(x.titre, x.nom);
});

test('what holds everywhere is in each territory, on the search page too, and none of it is unknown', async () => {
  const everywhere = '/aides/contrat-engagement-service-public/', place = '/aides/voiture-pretee-est-cantal/', of = ix.facettes.find((f) => f.nom === 'territoire').valeurs;
  const type = ['aide', 'demarche', 'metier'], r = await ix.chercher({ choix: { type } });
  assert.ok(of.length > 2);
  for (const { cle } of of) {
    const all = await ix.chercher({ choix: { territoire: [cle] }, limite: ix.n }), urls = (await ix.cartes(all.resultats)).map((c) => c.url);
    assert.ok(urls.includes(everywhere), cle);
    assert.equal(urls.includes(place), cle === 'est-cantal', cle);
    assert.equal(r.comptes.territoire[cle], (await ix.chercher({ choix: { type, territoire: [cle] } })).total, cle);
  }
  assert.equal(r.comptes.territoire[''], 0);
});

test('the label of a value says nothing that only a consent allows', async () => {
  const site = copied(), types = path.join(site, 'themes/portail/types'), edit = (file, f) => writeFileSync(file, f(readFileSync(file, 'utf8')));
  edit(path.join(types, 'professionnel.yaml'), (s) => s.replace(/^champs:\n/m, 'champs:\n  nom_court: {type: texte, personnel: true}\n'));
  edit(path.join(types, 'temoignage.yaml'), (s) => s.replace(/^champs:\n/m, 'champs:\n  tuteur: {type: ref, ref: professionnel}\n'));
  edit(path.join(site, 'content/professionnels/maitre-de-stage-mondoubleau.md'), (s) => s.replace(/^titre:/m, 'nom_court: Zyxwvut\ntitre:'));
  const told = files(path.join(site, 'content/temoignages'))[0];
  edit(path.join(site, 'content/temoignages', told), (s) => s.replace(/^titre:/m, 'tuteur: maitre-de-stage-mondoubleau\ntitre:'));
  appendFileSync(path.join(site, 'themes/portail/recherche.yaml'), '  tuteur: tuteur\n');
  const of = (await open(build(site))).facettes.find((f) => f.nom === 'tuteur').valeurs;
  assert.equal(of.length, 1);
  assert.doesNotMatch(of[0].libelle, /zyxwvut/i);
});
