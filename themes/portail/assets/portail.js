// Progressive: everything reads without this file.
const mots = document.body.dataset;
// A site that fixes its own date (a demonstration) is read at that date.
const aujourdhui = mots.jour ?? new Date().toLocaleDateString('sv');

/** Says something beside an element, for as long as it takes to read. */
function dire(a, texte) {
  const dit = document.createElement('span');
  dit.setAttribute('role', 'status');
  a.after(dit);
  dit.textContent = texte;
  setTimeout(() => dit.remove(), 4000);
}

/** A page that nobody rebuilt still tells the truth: what the device's date has passed is marked. */
function marquer(ou) {
  for (const t of ou.querySelectorAll('time[data-fin]')) {
    if (t.dataset.fin.slice(0, 10) >= aujourdhui || t.nextElementSibling?.className === 'fini') continue;
    const marque = document.createElement('strong');
    marque.className = 'fini';
    marque.textContent = mots.terminee;
    t.after(' ', marque);
    t.closest('.rdv, .carte, .sessions > li')?.classList.add('terminee');
  }
}

// The shortlist: [{id: "stages/slug", titre}], on the device; two portals of one host have one each.
const lien = document.querySelector('.entete .selection');
const cle = 'vitrine.selection' + new URL('..', import.meta.url).pathname.slice(0, -1);
const lire = () => JSON.parse(localStorage[cle] ?? '[]');
let possible = !!lien;
try { lire(); } catch { possible = false; }

function montrer() {
  const gardes = lire();
  lien.hidden = !gardes.length;
  lien.querySelector('.num').textContent = gardes.length;
  for (const b of document.querySelectorAll('.garder')) b.setAttribute('aria-pressed', gardes.some((g) => g.id === b.value));
}

function basculer(b) {
  const titre = b.closest('.gardable').querySelector('h1, h2 a, h3 a');
  const gardes = lire(), reste = gardes.filter((g) => g.id !== b.value);
  if (reste.length === gardes.length) {
    if (gardes.length >= 20) return dire(b, lien.dataset.pleine);
    reste.push({ id: b.value, titre: titre.textContent });
    if (navigator.serviceWorker?.controller) fetch(titre.href ?? location.href).catch(() => {});   // kept for offline, too
  }
  localStorage[cle] = JSON.stringify(reste);
  montrer();
}

function proposer(ou) {
  for (const fiche of ou.querySelectorAll('.gardable:not(:has(.garder))')) {
    const titre = fiche.querySelector('h1, h2 a, h3 a'), adresse = titre.href ?? location.href;
    const b = document.createElement('button'), nom = document.createElement('span');
    nom.className = 'invisible';
    nom.textContent = ' : ' + titre.textContent;
    b.type = 'button';
    b.className = 'garder';
    b.value = new URL(adresse).pathname.split('/').slice(-3, -1).join('/');
    b.append(lien.querySelector('svg').cloneNode(true), lien.dataset.garder, nom);
    if (titre.href) fiche.append(b); else fiche.querySelector('.etiquettes').before(b);
  }
  montrer();
}

function soigner(ou) {
  marquer(ou);
  if (possible) proposer(ou);
}
soigner(document);
// What other scripts add is looked after likewise.
new MutationObserver((l) => { for (const m of l) if (m.addedNodes.length && m.target.closest('main')) soigner(m.target); }).observe(document.body, { childList: true, subtree: true });
// On the document, so that a copy of a card works as its first.
if (possible) document.addEventListener('click', ({ target }) => target.closest('.garder') && basculer(target.closest('.garder')));
if (possible) for (const quand of ['storage', 'pageshow', 'selection']) addEventListener(quand, montrer);

for (const b of document.querySelectorAll('button[data-copier]')) {
  const source = document.getElementById(b.dataset.copier);
  if (!source || !navigator.clipboard) continue;
  b.hidden = false;
  b.addEventListener('click', async () => {
    await navigator.clipboard.writeText(source.textContent.trim());
    dire(b, mots.copie);
  });
}

// Offline: only at the portal's own address, never in a trial or a copy elsewhere, nor against the wish to save data.
if (mots.ouvrier && navigator.serviceWorker && !navigator.connection?.saveData && document.querySelector('link[rel=canonical]').href.startsWith(location.origin + '/')) {
  addEventListener('load', () => (window.requestIdleCallback ?? setTimeout)(() => navigator.serviceWorker.register(mots.ouvrier).catch(() => {})));
}
