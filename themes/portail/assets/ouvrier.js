// The service worker. SITE is told by /sw.js; what it promises, and why: docs/theme.md §7.
const nos = `vitrine ${registration.scope} `, coquille = nos + SITE.version, visites = coquille + ' visites';

const chemin = (url) => new URL(url, location).pathname;
const langue = (c) => SITE.langues.findLast((l) => c.startsWith(l.prefixe)) ?? SITE.langues[0];
const permise = (c) => c.startsWith(SITE.racine) && c.endsWith('/') && !/^(embed|admin)\//.test(c.slice(langue(c).prefixe.length));
const trouver = async (cle) => await caches.match(cle, { cacheName: coquille }) || caches.match(cle, { cacheName: visites });
const bonne = (r) => r.status === 200 && r.type === 'basic' && !r.redirected;
const estPage = (r) => bonne(r) && /^text\/html/.test(r.headers.get('content-type'));
const taille = (r) => +r.headers.get('x-octets');

// As it is kept: with its size, without what only the wire needs.
async function copier(r) {
  const corps = await r.blob(), tetes = new Headers(r.headers);
  for (const nom of ['vary', 'content-encoding', 'content-length']) tetes.delete(nom);
  tetes.set('x-octets', corps.size);
  return new Response(corps, { headers: tetes });
}

// A page of this portal names its worker: those of other applications on this host do not, nor lists for other sites, nor e-mails.
const nommee = async (r) => (await r.clone().text()).includes(` data-ouvrier="${chemin('sw.js')}"`);

// Style sheets, scripts and icon of a page, fonts and pictures of a style sheet.
const besoins = (texte) => [...texte.matchAll(/<(?:link rel="(?:stylesheet|icon)"|script)[^>]*? (?:href|src)="([^"]+)"|url\("?([^")]+)/g)]
  .map((m) => chemin(m[1] ?? m[2])).filter((c) => c.startsWith(SITE.racine + 'assets/'));

// [[address, response]]: these pages, before them all that they need. What a host says is gone may be `gone`; else whatever is missing ends it.
async function rassembler(adresses, gone) {
  const prises = new Map(), rang = ([cle]) => adresses.indexOf(cle);
  async function prendre(cle, page) {
    if (prises.has(cle)) return;
    prises.set(cle);
    const r = await fetch(cle, page && { cache: 'no-cache' });
    if (!(page ? estPage(r) && await nommee(r) : bonne(r))) {
      if (page && gone && r.status < 500) return;
      throw r;
    }
    const copie = await copier(r);
    prises.set(cle, copie);
    if (/html|css/.test(r.headers.get('content-type'))) await Promise.all(besoins(await copie.clone().text()).map((c) => prendre(c)));
  }
  await Promise.all(adresses.map((cle) => prendre(cle, true)));
  return [...prises].filter(([, r]) => r).sort((a, b) => rang(a) - rang(b));
}

// Everything of one publication, or nothing: the worker before goes on until the last byte is there. What was seen last comes last.
async function installer() {
  const vues = [];
  for (const nom of await caches.keys()) if (nom.startsWith(nos) && nom.endsWith('visites')) vues.push(...await (await caches.open(nom)).keys());
  vues.push(...await clients.matchAll({ includeUncontrolled: true }));
  const connues = [...new Set(vues.map((x) => chemin(x.url)).filter(permise).reverse())].reverse(), lues = connues.map(langue);
  // In the languages that are read here.
  const pages = SITE.pages.filter((c) => !lues[0] || lues.includes(langue(c)) || langue(c).secours === c);
  const fixes = await rassembler(pages), mobiles = await rassembler(connues.filter((c) => !pages.includes(c)), true);
  const fixe = await caches.open(coquille);
  let reste = SITE.octets;
  for (const [cle, r] of fixes) if ((reste -= taille(r)) >= 0) await fixe.put(cle, r);
  for (const [cle, r] of mobiles) await deposer(cle, r);
  await elaguer(await caches.open(visites));
  await skipWaiting();
}

async function deposer(cle, r) {
  const mobile = await caches.open(visites);
  if (taille(r) < SITE.visites / 8 && !await caches.match(cle, { cacheName: coquille })) await mobile.put(cle, r);
  return mobile;
}

// Keys stand in the order in which they were put: what was fetched longest ago goes first.
async function elaguer(cache) {
  let nombre = 0, somme = 0;
  for (const q of (await cache.keys()).reverse()) {
    somme += taille(await cache.match(q));
    if (++nombre > SITE.nombre || somme > SITE.visites) await cache.delete(q);
  }
}
async function garder(cle, r, convient) {
  if (!convient || await convient(r)) await elaguer(await deposer(cle, await copier(r)));
}

const secours = (cle) => trouver(langue(cle).secours);

// A kept page says that it is one, in its language: the two sentences stand hidden in the page for offline.
async function dater(cle, r, lent) {
  const dits = (await (await secours(cle))?.text())?.match(/<aside hidden class="avis[^]*?<\/aside>/g);
  return new Response((await r.text()).replace('<main', (m) => (dits?.[lent] ?? '').replace(' hidden', '') + m), r);
}

async function servir(e, cle) {
  const copie = await trouver(cle);
  const reseau = (async () => {
    const r = await e.preloadResponse || await fetch(e.request);
    if (r.status >= 500) throw r;
    if (estPage(r)) e.waitUntil(garder(cle, r.clone(), nommee));
    else if (/404|410/.test(r.status)) await (await caches.open(visites)).delete(cle);
    return r;
  })();
  e.waitUntil(reseau.catch(() => {}));
  if (copie) {
    const r = await Promise.race([reseau, new Promise((fini) => setTimeout(fini, 3000, 1))]).catch(() => 0);
    return r.ok === undefined ? dater(cle, copie, r) : r;
  }
  return reseau.catch(async (r) => {
    if (r instanceof Response) return r;
    const aide = e.request.mode === 'navigate' && await secours(cle);
    return aide ? new Response(aide.body, { status: 503, headers: aide.headers }) : Response.error();
  });
}

// What lies under assets/ bears its fingerprint: what is kept is right for ever.
async function immuable(e, cle) {
  const copie = await trouver(cle);
  if (copie) return copie;
  const r = await fetch(e.request);
  if (bonne(r)) e.waitUntil(garder(cle, r.clone()));
  return r;
}

addEventListener('install', (e) => e.waitUntil(installer()));

addEventListener('activate', (e) => e.waitUntil((async () => {
  for (const nom of await caches.keys()) if (nom.startsWith(nos) && !nom.startsWith(coquille)) await caches.delete(nom);
  await registration.navigationPreload?.enable();
  await clients.claim();
})()));

addEventListener('fetch', (e) => {
  const { method, url, headers } = e.request, cle = chemin(url);
  if (method !== 'GET' || new URL(url).origin !== location.origin || headers.has('range')) return;
  if (cle.startsWith(SITE.racine + 'assets/')) e.respondWith(immuable(e, cle));
  else if (permise(cle)) e.respondWith(servir(e, cle));
});
