// The shortlist, side by side. Every cell is taken from the page of its item: the table says what the pages say.
const un = (s, ou = document) => ou.querySelector(s);
const table = un('#comparaison'), mots = table.dataset, dit = un('#dire'), depuis = un('#depuis');
const cle = 'vitrine.selection' + new URL('..', import.meta.url).pathname.slice(0, -1);

const lire = () => { try { return JSON.parse(localStorage[cle] ?? '[]'); } catch { return []; } };
function ecrire(fiches) {
  localStorage[cle] = JSON.stringify(fiches.slice(0, 20).map(({ id, titre }) => ({ id, titre: lues.get(id)?.titre ?? titre })));
  dispatchEvent(new Event('selection'));
}

// "#stages/a,offres/b" is what somebody shares: what stands after # is not sent to the host.
const recues = () => [...new Set(location.hash.slice(1).split(','))].filter((id) => /^(stages|offres)\/[\w-]+$/.test(id)).slice(0, 20).map((id) => ({ id, titre: id }));

function el(nom, attributs, ...dedans) {
  const e = Object.assign(document.createElement(nom), attributs);
  e.append(...dedans.filter((x) => x));
  return e;
}

const lues = new Map();
/** An item with its page, or with what is to be said of it. */
async function ouvrir(fiche, adresse = new URL(`../${fiche.id}/`, location.origin + location.pathname), suivre = true) {
  const sans = (raison) => ({ ...fiche, raison });
  try {
    const r = await fetch(adresse, { cache: 'no-cache' });
    if (!r.ok) return sans(r.status === 404 || r.status === 410 ? mots.absente : mots.illisible);
    const page = new DOMParser().parseFromString(await r.text(), 'text/html'), corps = un('.gardable', page);
    if (corps) return { ...fiche, corps, adresse, titre: un('h1', corps).textContent };
    const ailleurs = un('meta[http-equiv=refresh]', page);
    return ailleurs && suivre ? ouvrir(fiche, new URL(ailleurs.content.split('url=')[1], adresse), false) : sans(mots.absente);
  } catch { return sans(mots.illisible); }
}

const retirer = (f) => el('button', { type: 'button', className: 'copier', value: 'retirer ' + f.id }, mots.retirer, el('span', { className: 'invisible' }, ' : ' + f.titre));

/** As the crow flies, from the faculty that the device remembers; null without one. */
function distance(corps) {
  const la = corps.dataset.geo, ici = depuis?.selectedOptions[0]?.dataset.geo;
  if (!la || !ici) return null;
  const [a, b, c, d] = `${la},${ici}`.split(',').map((x) => x * Math.PI / 180);
  const h = Math.sin((a - c) / 2) ** 2 + Math.cos(a) * Math.cos(c) * Math.sin((b - d) / 2) ** 2;
  return [(12742 * Math.asin(Math.sqrt(h))).toLocaleString(document.documentElement.lang, { maximumFractionDigits: 1 }) + '\u00a0km'];
}

function remplir(fiches, miennes) {
  un('[data-c=faculte] small', table).textContent = depuis?.value && depuis.selectedOptions[0].text;
  for (const tr of table.rows) {
    const dits = fiches.map(({ corps }) => {
      const ici = tr.dataset.c && un(`[data-c=${tr.dataset.c}]`, corps);
      if (tr.dataset.c === 'faculte') return distance(corps);
      return ici && [...document.importNode(un('dd', ici) ?? ici, true).childNodes].map((n) => (n.nodeName === 'LI' ? el('div', {}, ...n.childNodes) : n));
    });
    while (tr.cells[1]) tr.cells[1].remove();
    tr.hidden = tr.dataset.c && !dits.some((d) => d);
    tr.append(...fiches.map((f, i) => (tr.dataset.c ? el('td', {}, ...dits[i] ?? [el('span', { className: 'discret' }, mots.inconnu)])
      : el('th', { scope: 'col' }, el('a', { href: f.adresse.pathname, lang: un('h1', f.corps).lang }, f.titre), un('.etat strong', f.corps) && el('strong', { className: 'fini' }, un('.etat strong', f.corps).textContent.slice(0, -1)), miennes && retirer(f)))));
  }
}

let montrees = [];
async function montrer() {
  const la = recues(), ici = lire(), miennes = la.every((r) => ici.some((g) => g.id === r.id));
  const fiches = await Promise.all((miennes ? ici : la).map(async (f) => lues.get(f.id)?.corps ? lues.get(f.id) : lues.set(f.id, await ouvrir(f)).get(f.id)));
  montrees = fiches.filter((f) => f.corps);
  un('#partagee').hidden = miennes;
  un('#rien').hidden = fiches.length;
  un('#gardes').hidden = !fiches.length;
  table.hidden = !montrees.length;
  remplir(montrees, miennes);
  un('#absentes').replaceChildren(...fiches.filter((f) => !f.corps).map((f) => el('p', {}, el('strong', {}, f.raison), ` : ${f.titre} `, miennes && retirer(f))));
}

const gestes = {
  ajouter: () => ecrire([...lire(), ...recues().filter((r) => !lire().some((g) => g.id === r.id))]),
  remplacer: () => ecrire(recues()),
  quitter() {},
  retirer: (id) => ecrire(lire().filter((g) => g.id !== id)),
  effacer: (_, b) => confirm(b.textContent + ' ?') && ecrire([]),
  imprimer: () => print(),
  async agenda() {
    const liens = montrees.map((f) => un('a[href$=".ics"]', f.corps)).filter((a) => a);
    try {
      const textes = await Promise.all(liens.map(async (a) => (await fetch(a.getAttribute('href'))).text()));
      const dates = /BEGIN:VEVENT[^]*END:VEVENT\r\n/, tout = textes[0]?.replace(dates, () => textes.map((x) => dates.exec(x)).join(''));
      if (tout) el('a', { href: URL.createObjectURL(new Blob([tout], { type: 'text/calendar' })), download: 'ma-selection.ics' }).click();
      dit.textContent = tout ? '' : mots.sansdate;
    } catch { dit.textContent = mots.illisible; }
  },
  async partager() {
    const adresse = new URL('#' + montrees.map((f) => f.id), location).href;
    dit.textContent = await navigator.clipboard?.writeText(adresse).then(() => mots.lien, () => 0) || adresse;
  },
};

document.addEventListener('click', async (e) => {
  const b = e.target.closest('.comparer button');
  if (!b) return;
  const [geste, id] = b.value.split(' ');
  gestes[geste](id, b);
  if (/ajouter|remplacer|quitter/.test(geste)) history.replaceState(null, '', location.pathname);
  await montrer();
  if (!b.checkVisibility()) un('h1').focus();   // what had the focus is gone
});
try { depuis.value = localStorage.faculte ?? ''; } catch { /* nothing remembered, or nothing to choose */ }
depuis?.addEventListener('change', () => { localStorage.faculte = depuis.value; montrer(); });
for (const quand of ['hashchange', 'storage']) addEventListener(quand, montrer);
montrer();
