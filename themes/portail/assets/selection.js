// The shortlist, side by side. Every cell is taken from the page of its item: the table says what the pages say.
const { $, el, memoire, retenir, lire, ecrire } = globalThis.vitrine;
const table = $('#comparaison'), mots = table.dataset, { refus } = document.body.dataset, dit = $('#dire'), depuis = $('#depuis'), langue = document.documentElement.lang;

function garder(fiches) {
  const fait = ecrire(fiches.slice(0, 20).map(({ id, titre }) => ({ id, titre: lues.get(id)?.titre ?? titre })));
  dit.textContent = !fait ? refus : fiches[20] ? $('.selection').dataset.pleine : '';
  return fait;
}

// "#stages/a,offres/b" is what somebody shares: what stands after # is not sent to the host.
const recues = () => [...new Set(location.hash.slice(1).split(','))].filter((id) => /^(stages|offres)\/[\w-]+$/.test(id)).slice(0, 20).map((id) => ({ id, titre: id }));

const lues = new Map();
async function ouvrir(fiche, adresse = `../${fiche.id}/`, suivre = true) {
  const sans = (raison) => ({ ...fiche, raison });
  try {
    const r = await fetch(adresse, { cache: 'no-cache' });
    if (!r.ok) return sans(mots[/404|410/.test(r.status) ? 'absente' : 'illisible']);
    const page = new DOMParser().parseFromString(await r.text(), 'text/html'), corps = $('.gardable', page);
    if (corps) return { ...fiche, corps, adresse: r.url, titre: $('h1', corps).textContent };
    const ailleurs = $('meta[http-equiv=refresh]', page);
    return ailleurs && suivre ? ouvrir(fiche, ailleurs.content.split('url=')[1], false) : sans(mots.absente);
  } catch { return sans(mots.illisible); }
}

const retirer = (f) => el('button', { type: 'button', class: 'copier', value: 'retirer ' + f.id, 'aria-label': `${mots.retirer} : ${f.titre}` }, mots.retirer);

function distance(corps) {
  const la = corps.dataset.geo, ici = depuis?.selectedOptions[0]?.dataset.geo;
  if (!la || !ici) return;
  const [a, b, c, d] = `${la},${ici}`.split(',').map((x) => x * Math.PI / 180);
  const h = Math.sin((a - c) / 2) ** 2 + Math.cos(a) * Math.cos(c) * Math.sin((b - d) / 2) ** 2;
  return (12742 * Math.asin(Math.sqrt(h))).toLocaleString(langue, { maximumFractionDigits: 1 }) + '\u00a0km';
}

const copier = (ici) => [...($('dd', ici) ?? ici).cloneNode(true).childNodes].map((n) => (n.nodeName === 'LI' ? el('div', 0, ...n.childNodes) : n));

function remplir(fiches, miennes) {
  $('[data-c=faculte] small', table).textContent = depuis?.value && depuis.selectedOptions[0].text;
  for (const tr of table.rows) {
    const { c } = tr.dataset, cellules = fiches.map((f) => {
      const ici = $(c ? `[data-c=${c}]` : '.etat strong', f.corps);
      if (c) return el('td', 0, c === 'faculte' ? distance(f.corps) : ici && copier(ici));
      return el('th', { scope: 'col' }, el('a', { href: f.adresse, lang: $('h1', f.corps).lang || langue }, f.titre), ici && el('strong', { class: 'fini' }, ici.textContent.slice(0, -1)), miennes && retirer(f));
    });
    while (tr.cells[1]) tr.cells[1].remove();
    tr.append(...cellules);
    tr.hidden = !cellules.some((x) => x.firstChild);
    for (const x of cellules) if (!x.firstChild) x.append(el('span', { class: 'discret' }, mots.inconnu));
  }
}

let montrees = [], tour = 0;
async function montrer() {
  const la = recues(), ici = lire(), miennes = la.every((r) => ici.some((g) => g.id === r.id)), moi = ++tour;
  const fiches = await Promise.all((miennes ? ici : la).map(async (f) => lues.get(f.id)?.corps ? lues.get(f.id) : lues.set(f.id, await ouvrir(f)).get(f.id)));
  if (moi !== tour) return;
  montrees = fiches.filter((f) => f.corps);
  for (const [ou, non] of [['#partagee', miennes], ['#rien', fiches[0]], ['#gardes', !fiches[0]], ['#comparaison', !montrees[0]]]) $(ou).hidden = non;
  remplir(montrees, miennes);
  $('#absentes').replaceChildren(...fiches.filter((f) => !f.corps).map((f) => el('p', 0, el('strong', 0, f.raison), ` : ${f.titre} `, miennes && retirer(f))));
}

async function telecharger(adresse) {
  const r = await fetch(adresse);
  if (!r.ok || !/^text\/calendar/.test(r.headers.get('content-type'))) throw r;
  return r.text();
}

// Each does what the button of its name says; what could not be kept is not forgotten: false.
const gestes = {
  ajouter: () => garder([...lire(), ...recues().filter((r) => !lire().some((g) => g.id === r.id))]),
  remplacer: () => garder(recues()),
  quitter() {},
  retirer: (id) => garder(lire().filter((g) => g.id !== id)),
  effacer: (_, b) => confirm(b.textContent + ' ?') && garder([]),
  imprimer: () => print(),
  async agenda() {
    try {
      const textes = await Promise.all(montrees.map((f) => $('a[href$=".ics"]', f.corps)?.getAttribute('href')).filter(Boolean).map(telecharger));
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

document.addEventListener('click', async ({ target }) => {
  const b = target.closest('.comparer button');
  if (!b) return;
  const [geste, id] = b.value.split(' '), fait = gestes[geste](id, b);
  if (geste === 'quitter' || fait && /ajouter|remplacer/.test(geste)) history.replaceState(null, '', location.pathname);
  await montrer();
  if (!b.checkVisibility()) $('h1').focus();
});
if (depuis) {
  depuis.value = memoire?.getItem('faculte') ?? '';
  depuis.onchange = () => {
    dit.textContent = retenir('faculte', depuis.value) ? '' : refus;
    montrer();
  };
}
window.onhashchange = window.onstorage = montrer;
montrer();
