// Live filters and search page: docs/recherche.md, « L’interface ».
const { $, el, jour, memoire, retenir } = globalThis.vitrine, { terminee, refus } = document.body.dataset, PAGE = 24;
const gabarit = $('#vif'), panneau = $('#filtres'), statique = $('#liste'), tete = $('#resultats'), formulaire = $('form', gabarit.content);
const { moteur, index, type, base } = gabarit.dataset, { langue, mots, titres, facultes, territoires } = JSON.parse($('script', gabarit.content).textContent);
const { q: champ = $('#q'), faculte: depart, rayon } = formulaire, retenue = $('.memoire', formulaire);
let m, ix, facettes, pret, attente, refuse, tour = 0;

const dire = (cle, x) => mots[cle].replace(/\{(\w+)\}/g, (_, k) => x[k] ?? x);
const nombre = (n) => n.toLocaleString(langue);
const compte = (n) => dire(new Intl.PluralRules(langue).select(n) === 'one' ? 'un' : 'des', nombre(n));
const joindre = (l, par) => l.filter(Boolean).join(par);

const discret = (texte) => texte && el('p', { class: 'discret pointe' }, texte);
const cartes = (l) => el('ul', { class: 'cartes' }, l);
const etat = el('div', { role: 'status', class: 'compte' }), vivants = el('div', { class: 'vivants' });
tete.after(etat, vivants);

// p: the address, which is the whole state.
const lire = () => new URLSearchParams(location.search);
const lien = (p, texte, attributs) => el('a', { href: `${base}?${p}`, ...attributs }, texte);
const facette = (nom) => facettes.find((f) => f.nom === nom);
const libelle = (nom, cle) => facette(nom)?.valeurs.find((v) => v.cle === cle)?.libelle;
const trouver = (cle) => facultes.find((f) => f.cle === cle);
const moi = trouver('moi');
const lieu = (p) => trouver(p.get('faculte'))?.dite;
function avec(p, nom, ...cles) {
  const r = new URLSearchParams([...p].filter(([k]) => k !== nom && k !== 'page'));
  for (const c of cles) if (c) r.append(nom, c);
  return r;
}

function origine(p) {
  const f = trouver(p.get('faculte')), r = p.get('rayon') ?? '';
  return f && f !== moi && (r[0] === 't' || !f.geo) ? { trajet: f.cle, max: +r.slice(1) || undefined } : f?.geo && { ...f.geo, rayon_km: +r || undefined };
}

function chercher(p, limite, debut) {
  const choix = {}, depuis = origine(p);
  for (const [k, c] of p) if (libelle(k, c)) (choix[k] ??= []).push(c);
  if (type) choix.type = [type];
  return ix.chercher({ texte: p.get('q') ?? '', choix, depuis, tri: p.get('tri') || (depuis && 'distance'), debut, limite });
}

function groupe({ nom, titre }, n, total) {
  const utiles = facette(nom)?.valeurs.filter((v) => n[v.cle]) ?? [], lignes = utiles.map((v) => el('li', 0, el('label', 0,
    el('input', { type: 'checkbox', name: nom, value: v.cle }), el('span', 0, v.libelle), el('span', { class: 'num' }))));
  return utiles.some((v) => n[v.cle] < total) && el('fieldset', 0, el('legend', 0, titre), el('ul', 0, lignes.splice(0, lignes.length > 9 ? 7 : 9)),
    lignes[0] && el('details', 0, el('summary', 0, dire('plus_de_choix', lignes.length)), el('ul', 0, lignes)));
}

async function construire() {
  const { total, comptes } = await chercher(avec([]), 0), distance = $('.depuis', formulaire), dedans = panneau.contains(document.activeElement);
  distance.replaceWith(...titres.map((t) => (t.titre ? groupe(t, comptes[t.nom], total) : (!type || facettes[0].valeurs.find((x) => x.cle === type)?.situes) && distance)).filter(Boolean));
  depart.append(...facultes.map((f) => new Option(f.nom, f.cle)));
  panneau.replaceChildren(...panneau.querySelectorAll('.fermer'), formulaire);
  if (dedans) $('h2', formulaire).focus();
}

function cocher(p, comptes) {
  for (const i of [...formulaire.elements, champ]) {
    const voulus = p.getAll(i.name);
    if (i.type === 'checkbox') {
      const n = comptes[i.name][i.value];
      i.checked = voulus.includes(i.value);
      i.ariaDisabled = !n && !i.checked;
      i.parentNode.lastChild.textContent = nombre(n);
      if (i.checked) i.closest('details')?.setAttribute('open', '');
    } else if (i.name && i !== document.activeElement && !(attente && i === champ)) i.value = voulus[0] ?? '';
  }
  rayon.disabled = !depart.value;
  retenue.hidden = !memoire?.getItem('faculte');
}

const choisi = () => avec(new URLSearchParams(new FormData(formulaire)), 'q', champ.value.trim());

// The index gives text in parts, never HTML.
const parties = (l) => l.map(({ t, m }) => (m ? el('mark', 0, t) : t));

const connues = new Map();
if (statique.dataset.cartes) for (const a of statique.querySelectorAll(':is(h2, h3) a')) connues.set(a.pathname, a.closest('.carte, li'));

function carte(c, x, p, termes) {
  const deja = connues.get(c.url)?.cloneNode(true), de = origine(p), passee = c.fin && c.fin < jour, signe = passee ? terminee : c.etat;
  const suite = [c.extrait?.[0] && el('p', 0, parties(c.extrait)), !deja && discret(joindre([libelle('debut', c.debut[0]), c.commune], ' · ')),
    de && discret(dire((de.trajet ? 'trajet' : 'vol') + (x == null ? '_inconnu' : ''), { n: nombre(x ?? 0), lieu: lieu(p) }))].filter(Boolean);
  deja?.append(...suite);
  return deja?.matches('li') ? deja : el('li', 0, deja ?? el('article', { class: (passee ? 'carte terminee' : 'carte') + (/\/(stages|offres)\//.test(c.url) ? ' gardable' : '') },
    el('h3', 0, el('a', { href: c.url }, parties(m.marquer(c.titre, termes)))), signe && el('ul', { class: 'etiquettes' }, el('li', { class: 'etiquette' }, signe)), suite));
}

function ranger(c, r, p, mele, page) {
  const dessin = c.map((x, i) => carte(x, r.distances[i], p, r.termes)), pages = Math.ceil(r.total / PAGE);
  const vers = (n, texte) => n > 0 && n <= pages && lien(`${avec(p)}&page=${n}`, texte);
  if (!mele) return [cartes(dessin), pages > 1 && el('nav', { class: 'pages', 'aria-label': mots.pages },
    vers(page - 1, mots.precedent), el('span', { 'aria-current': 'page' }, dire('page', { n: page, sur: pages })), vers(page + 1, mots.suivant))];
  return [...new Set(c.map((x) => x.type[0]))].flatMap((t) => {
    const siennes = dessin.filter((_, i) => c[i].type[0] === t).slice(0, 6), n = r.comptes.type[t];
    return [el('h2', 0, libelle('type', t)), cartes(siennes), n > siennes.length && el('p', 0, lien(avec(p, 'type', t), dire('voir_type', nombre(n))))];
  });
}

function proches(p, r) {
  const l = [], ajouter = (texte, n, suite) => l.push(el('li', 0, lien(suite, [el('span', 0, texte), el('small', 0, compte(n))])));
  for (const { contrainte: nom, mot, nombre: n } of r.proches) {
    const q = p.get('q'), f = facette(nom), combien = r.comptes[nom], voulus = p.getAll(nom), ici = territoires[voulus[0]], sans = (quoi, suite) => ajouter(dire('sans', quoi), n, suite);
    if (mot) sans(mot, avec(p, 'q', q.split(' ').filter((x) => !m.mots(x).includes(mot)).join(' ')));
    else if (nom === 'depuis') sans(lieu(p), avec(p, 'rayon'));
    else if (f) {
      const rang = ({ cle }) => (ici && territoires[cle] ? Math.hypot(ici.lat - territoires[cle].lat, 0.7 * (ici.lon - territoires[cle].lon)) : -combien[cle]);
      sans(voulus.map((c) => libelle(nom, c)).join(', '), avec(p, nom));
      for (const v of f.valeurs.filter((v) => combien[v.cle]).sort((a, b) => rang(a) - rang(b)).slice(0, 3)) ajouter(v.libelle, combien[v.cle], avec(p, nom, v.cle));
    }
  }
  return l[0] ? [el('h2', 0, mots.ailleurs), el('ul', { class: 'portes' }, l)] : [];
}

async function afficher(viser, ici) {
  const p = lire(), q = p.get('q'), page = Math.max(1, p.get('page') | 0), puces = [...p].filter(([k, c]) => c && k !== 'tri' && k !== 'page');
  const fixe = !puces[0] && !p.get('tri'), mele = !type && p.getAll('type').length !== 1, inconnus = puces.filter(([k, c]) => facette(k) && !libelle(k, c));
  const r = await chercher(p, fixe ? 0 : mele ? 48 : PAGE, (page - 1) * PAGE), c = await ix.cartes(r.resultats, q || !connues.size ? r.termes : null);
  if (ici !== tour) return;
  if (r.total && page > 1 && !c[0]) return aller(avec(p), viser, 1);
  cocher(p, r.comptes);
  statique.hidden = !fixe && (type || r.total);
  etat.textContent = joindre([
    (!fixe || type) && (r.total ? compte(r.total) : mots.aucun), r.total && r.corrige && dire('corrige', r.corrige),
    inconnus[0] && dire('inconnu', inconnus.map((x) => x[1]).join(', ')), p.get('faculte') === 'moi' && !moi.geo && mots.geo_demander, refuse && refus,
  ], '. ').replace(/([.?!])\. /g, '$1 ');
  $('.voir button', formulaire).textContent = compte(r.total);
  vivants.replaceChildren(...[
    puces[0] && el('ul', { class: 'choisis', 'aria-label': mots.criteres }, puces.map(([k, c]) => {
      const texte = (k === 'q' ? `« ${c} »` : k === 'faculte' ? lieu(p) : k === 'rayon' ? rayon.selectedOptions[0]?.text : libelle(k, c)) ?? c;
      return el('li', 0, lien(avec(k === 'faculte' ? avec(p, 'rayon') : p, k, ...p.getAll(k).filter((x) => x !== c)), texte, { 'aria-label': dire('retirer', texte) }));
    }), puces[1] && el('li', 0, lien('', mots.effacer))),
    ...fixe ? [] : r.total ? ranger(c, r, p, mele, page) : proches(p, r)].filter(Boolean));
  if (viser) {
    tete.focus();
    tete.parentNode.scrollIntoView();
  }
}

// Of several answers the last one asked for is shown; without an answer, the page as it was built.
async function montrer(viser) {
  const ici = ++tour;
  try {
    await afficher(viser, ici);
  } catch {
    if (ici !== tour) return;
    vivants.replaceChildren();
    statique.hidden = false;
    etat.textContent = mots.erreur;
  }
}

function aller(p, viser, remplacer) {
  const q = [...p].filter((x) => x[1]), suite = base + (q[0] ? `?${new URLSearchParams(q)}` : '');
  if (suite !== location.pathname + location.search) history[remplacer ? 'replaceState' : 'pushState'](0, '', suite);
  return montrer(viser);
}

const allumer = () => pret ??= (async () => {
  etat.textContent = mots.chargement;
  try {
    const su = memoire?.getItem('faculte');
    m = await import(moteur);
    ix = await m.ouvrir(index);
    facettes = ix.facettes;
    await construire();
    await aller(type && !location.search && trouver(su) ? avec([], 'faculte', su) : lire(), 0, 1);
    return true;
  } catch {
    pret = null;
    etat.textContent = mots.erreur;
  }
})();

function situer() {
  etat.textContent = mots.geo_attente;
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    moi.geo = { lat: coords.latitude, lon: coords.longitude };
    aller(avec(choisi(), 'faculte', 'moi'));
  }, () => {
    depart.value = lire().get('faculte') ?? '';
    etat.textContent = mots.geo_refus;
  }, { timeout: 15000 });
}

vivants.addEventListener('click', (ev) => {
  const a = ev.target.closest('a');
  if (a?.pathname !== base || ev.metaKey || ev.ctrlKey || ev.shiftKey) return;
  ev.preventDefault();
  aller(new URLSearchParams(a.search), true);
});
champ.form.addEventListener('submit', (ev) => {
  ev.preventDefault();
  taper(true);
});
formulaire.addEventListener('click', ({ target }) => {
  if (target.closest('.geo')) situer();
  if (!target.closest('.memoire button')) return;
  memoire.removeItem('faculte');
  etat.textContent = mots.oubliee;
  depart.focus();
  retenue.hidden = true;
});
formulaire.addEventListener('change', ({ target }) => {
  if (target === champ) return;
  if (target.ariaDisabled === 'true') target.checked = false;
  else if (target.value === 'moi' && !moi.geo) situer();
  else {
    refuse = target === depart && depart.value && depart.value !== 'moi' && !retenir('faculte', depart.value);
    aller(choisi());
  }
});
async function taper(viser) {
  clearTimeout(attente);
  if (!await allumer()) return;
  attente = 0;
  aller(choisi(), viser, lire().get('q'));
}
champ.addEventListener('input', () => {
  clearTimeout(attente);
  attente = setTimeout(taper, 150);
});
addEventListener('popstate', () => {
  champ.value = lire().get('q');
  if (ix) montrer();
});
for (const b of document.querySelectorAll('button:is([popovertarget=filtres], .combiner)')) b.addEventListener('click', allumer);
champ.value = lire().get('q');
if (location.search) allumer();
