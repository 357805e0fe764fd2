// Progressive: everything reads without this file. What it promises, and what it lends to the other scripts: docs/theme.md §7.
const $ = (s, dans = document) => dans.querySelector(s), mots = document.body.dataset;
// A site that fixes its own date (a demonstration) is read at that date.
const jour = mots.jour ?? new Date().toLocaleDateString('sv');

function el(nom, attributs, ...dedans) {
  const e = document.createElement(nom);
  for (const k in attributs) e.setAttribute(k, attributs[k]);
  e.append(...dedans.flat().filter(Boolean));
  return e;
}

// Says something beside an element, for as long as it takes to read.
function dire(a, texte) {
  const dit = el('span', { role: 'status' });
  a.after(dit);
  dit.textContent = texte;
  setTimeout(() => dit.remove(), 4000);
}

// What the device keeps, under keys of this portal: two portals of one host have one each. A device may keep nothing.
const racine = new URL('..', import.meta.url), cle = (nom) => `vitrine.${nom}${racine.pathname.slice(0, -1)}`;
let memoire;
try { memoire = localStorage; } catch {}
function retenir(nom, valeur) {
  try {
    memoire.setItem(nom, valeur);
    return true;
  } catch {}
}

// The shortlist: [{id: "stages/slug", titre}].
const lien = memoire && $('.entete .selection');
function lire() {
  try { return JSON.parse(memoire.getItem(cle('selection'))) ?? []; } catch { return []; }
}
function ecrire(fiches) {
  const fait = retenir(cle('selection'), JSON.stringify(fiches));
  if (fait) montrer();
  return fait;
}

function montrer() {
  const gardes = lire();
  lien.hidden = !gardes[0];
  $('.num', lien).textContent = gardes.length;
  for (const b of document.querySelectorAll('.garder')) b.ariaPressed = gardes.some((g) => g.id === b.value);
}

const titrer = (fiche) => $('h1, h2 a, h3 a', fiche);
function basculer(b) {
  const titre = titrer(b.closest('.gardable')), gardes = lire(), reste = gardes.filter((g) => g.id !== b.value);
  if (reste.length === gardes.length) {
    if (gardes[19]) return dire(b, lien.dataset.pleine);
    reste.push({ id: b.value, titre: titre.textContent });
    // Kept for offline, too.
    if (navigator.serviceWorker?.controller) fetch(titre.href ?? location.href).catch(() => {});
  }
  if (!ecrire(reste)) dire(b, mots.refus);
}

function proposer(fiche) {
  const titre = titrer(fiche), b = el('button', { type: 'button', class: 'garder', value: new URL(titre.href ?? location).pathname.split('/').slice(-3, -1).join('/') },
    $('svg', lien).cloneNode(true), lien.dataset.garder, el('span', { class: 'invisible' }, ' : ' + titre.textContent));
  if (titre.href) fiche.append(b); else $('.etiquettes', fiche).before(b);
}

// A page that nobody rebuilt still tells the truth: what the device's date has passed is marked.
function marquer(t) {
  if (t.dataset.fin.slice(0, 10) >= jour || t.nextElementSibling?.className === 'fini') return;
  t.after(' ', el('strong', { class: 'fini' }, mots.terminee));
  t.closest('.rdv, .carte, .sessions > li')?.classList.add('terminee');
}

function soigner() {
  document.querySelectorAll('time[data-fin]').forEach(marquer);
  if (!lien) return;
  document.querySelectorAll('.gardable:not(:has(.garder))').forEach(proposer);
  montrer();
}
soigner();
// What other scripts add is looked after likewise, once for all that comes together.
let prevu;
new MutationObserver((l) => {
  if (prevu || !l.some((m) => m.addedNodes[0])) return;
  prevu = setTimeout(() => {
    prevu = 0;
    soigner();
  });
}).observe($('main'), { childList: true, subtree: true });

if (lien) {
  // On the document, so that a copy of a card works as its first.
  document.addEventListener('click', ({ target }) => target.closest('.garder') && basculer(target.closest('.garder')));
  for (const quand of ['storage', 'pageshow']) addEventListener(quand, montrer);
}

for (const b of document.querySelectorAll('button[data-copier]')) {
  const source = document.getElementById(b.dataset.copier);
  if (!source || !navigator.clipboard) continue;
  b.hidden = false;
  b.onclick = async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    dire(b, mots.copie);
  };
}

// The button of the interactive map: until it is pressed nothing of the map is loaded.
const atlas = $('#ouvrir-atlas');
async function ouvrir() {
  const dit = atlas.nextElementSibling;
  atlas.onclick = null;
  try {
    await (await import(atlas.dataset.module)).ouvrir(atlas);
    dit.textContent = '';
  } catch {
    dit.textContent = atlas.dataset.echec;
  }
  atlas.onclick = ouvrir;
}
if (atlas) {
  atlas.hidden = false;
  atlas.onclick = ouvrir;
}

// The page for offline: what the device holds of this portal, to open it, and a way to be rid of it.
async function lister(ou) {
  const dans = $('div', ou), liste = el('ul'), noms = (await globalThis.caches?.keys() ?? []).filter((n) => n.startsWith(`vitrine ${racine} `));
  for (const nom of noms) {
    const cache = await caches.open(nom);
    for (const q of await cache.keys()) {
      if (!q.url.endsWith('/') || q.url.includes('/hors-ligne/')) continue;
      const page = new DOMParser().parseFromString(await (await cache.match(q)).text(), 'text/html');
      liste.append(el('li', 0, el('a', { href: q.url }, page.title.split(' · ')[0])));
    }
  }
  dans.append(liste);
  ou.hidden = !liste.firstChild;
  $('button', ou).onclick = async ({ target }) => {
    for (const nom of noms) await caches.delete(nom);
    dans.textContent = target.dataset.effacees;
    target.hidden = true;
  };
}
if ($('#gardees')) lister($('#gardees'));

// Offline: only at the portal's own address, never in a trial or a copy elsewhere, nor against the wish to save data.
if (mots.ouvrier && navigator.serviceWorker && !navigator.connection?.saveData && $('link[rel=canonical]').href.startsWith(location.origin + '/')) {
  addEventListener('load', () => navigator.serviceWorker.register(mots.ouvrier).catch(() => {}));
}

globalThis.vitrine = { $, el, jour, cle, memoire, retenir, lire, ecrire };
