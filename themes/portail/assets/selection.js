// The shortlist, side by side. Every cell is taken from the page of its item: the table says what the pages say.
const un = (s, ou = document) => ou.querySelector(s);
const table = un('#comparaison'), mots = table.dataset, dit = un('#dire'), depuis = un('#depuis'), langue = document.documentElement.lang;
const cle = 'vitrine.selection' + new URL('..', import.meta.url).pathname.slice(0, -1);

const lire = () => { try { return JSON.parse(localStorage[cle] ?? '[]'); } catch { return []; } };
function ecrire(fiches) {
  dit.textContent = fiches[20] ? un('.selection').dataset.pleine : '';
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
async function ouvrir(fiche, adresse = `../${fiche.id}/`, suivre = true) {
  const sans = (raison) => ({ ...fiche, raison });
  try {
    const r = await fetch(adresse, { cache: 'no-cache' });
    if (!r.ok) return sans(mots[/404|410/.test(r.status) ? 'absente' : 'illisible']);
    const page = new DOMParser().parseFromString(await r.text(), 'text/html'), corps = un('.gardable', page);
    if (corps) return { ...fiche, corps, adresse: r.url, titre: un('h1', corps).textContent };
    const ailleurs = un('meta[http-equiv=refresh]', page);
    return ailleurs && suivre ? ouvrir(fiche, ailleurs.content.split('url=')[1], false) : sans(mots.absente);
  } catch { return sans(mots.illisible); }
}

const retirer = (f) => el('button', { type: 'button', className: 'copier', value: 'retirer ' + f.id, ariaLabel: `${mots.retirer} : ${f.titre}` }, mots.retirer);

function distance(corps) {
  const la = corps.dataset.geo, ici = depuis?.selectedOptions[0]?.dataset.geo;
  if (!la || !ici) return;
  const [a, b, c, d] = `${la},${ici}`.split(',').map((x) => x * Math.PI / 180);
  const h = Math.sin((a - c) / 2) ** 2 + Math.cos(a) * Math.cos(c) * Math.sin((b - d) / 2) ** 2;
  return (12742 * Math.asin(Math.sqrt(h))).toLocaleString(langue, { maximumFractionDigits: 1 }) + '\u00a0km';
}

function remplir(fiches, miennes) {
  un('[data-c=faculte] small', table).textContent = depuis?.value && depuis.selectedOptions[0].text;
  for (const tr of table.rows) {
    const { c } = tr.dataset, cellules = fiches.map((f) => {
      const { corps } = f, ici = un(c ? `[data-c=${c}]` : '.etat strong', corps);
      if (!c) return el('th', { scope: 'col' }, el('a', { href: f.adresse, lang: un('h1', corps).lang || langue }, f.titre), ici && el('strong', { className: 'fini' }, ici.textContent.slice(0, -1)), miennes && retirer(f));
      if (c === 'faculte') return el('td', {}, distance(corps));
      return el('td', {}, ...ici ? [...document.importNode(un('dd', ici) ?? ici, true).childNodes].map((n) => (n.nodeName === 'LI' ? el('div', {}, ...n.childNodes) : n)) : []);
    });
    while (tr.cells[1]) tr.cells[1].remove();
    tr.append(...cellules);
    tr.hidden = !cellules.some((x) => x.firstChild);
    for (const x of cellules) if (!x.firstChild) x.append(el('span', { className: 'discret' }, mots.inconnu));
  }
}

let montrees = [];
async function montrer() {
  const la = recues(), ici = lire(), miennes = la.every((r) => ici.some((g) => g.id === r.id));
  const fiches = await Promise.all((miennes ? ici : la).map(async (f) => lues.get(f.id)?.corps ? lues.get(f.id) : lues.set(f.id, await ouvrir(f)).get(f.id)));
  montrees = fiches.filter((f) => f.corps);
  for (const [ou, non] of [['#partagee', miennes], ['#rien', fiches[0]], ['#gardes', !fiches[0]], ['#comparaison', !montrees[0]]]) un(ou).hidden = non;
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
    try {
      const liens = montrees.map((f) => un('a[href$=".ics"]', f.corps)).filter((a) => a);
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
  if (!b.checkVisibility()) un('h1').focus();
});
try { depuis.value = localStorage.faculte ?? ''; } catch {}
depuis?.addEventListener('change', () => { localStorage.faculte = depuis.value; montrer(); });
window.onhashchange = window.onstorage = montrer;
montrer();
