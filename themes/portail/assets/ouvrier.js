// The service worker. SITE is said by /sw.js; what is promised, and why: docs/theme.md §6.
const nos = `vitrine ${registration.scope} `;
const coquille = nos + SITE.version, visites = coquille + ' visites';
const octets = 'x-octets';

const chemin = (url) => new URL(url, location).pathname;
const trouver = async (cle) => (await caches.match(cle, { cacheName: coquille })) || caches.match(cle, { cacheName: visites });
const bonne = (r) => r.ok && r.type === 'basic' && !r.redirected;
const page = (r) => bonne(r) && /^text\/html/.test(r.headers.get('content-type'));

/** The response as it is kept: with its size, without what only the wire needs. */
async function copier(r) {
  const corps = await r.blob(), tetes = new Headers(r.headers);
  for (const nom of ['vary', 'content-encoding', 'content-length']) tetes.delete(nom);
  tetes.set(octets, corps.size);
  return new Response(corps, { headers: tetes });
}
const taille = (r) => Number(r.headers.get(octets));

/** Style sheets, scripts, icon of a page; fonts and pictures of a style sheet. */
const besoins = (texte) => [...texte.matchAll(/<(?:link rel="(?:stylesheet|icon)"|script)[^>]*? (?:href|src)="([^"]+)"|url\("?([^")]+)/g)]
  .map((m) => chemin(m[1] || m[2])).filter((c) => c.startsWith(SITE.racine + 'assets/'));

/** Pages with all they need, as [address, response] in the order given: what a page needs stands before it. */
async function rassembler(adresses) {
  const prises = new Map();
  const prendre = async (cle, cache) => {
    if (prises.has(cle)) return;
    prises.set(cle, null);
    const r = await fetch(cle, { cache });
    if (cache === 'default' ? !bonne(r) : !page(r)) return;
    const copie = await copier(r), lie = /html|css/.test(r.headers.get('content-type')) ? besoins(await copie.clone().text()) : [];
    await Promise.all(lie.map((c) => prendre(c, 'default')));
    prises.set(cle, copie);
  };
  await Promise.all(adresses.map((cle) => prendre(cle, 'no-cache')));
  const rang = ([cle]) => adresses.indexOf(cle);
  return [...prises].filter(([, r]) => r).sort((a, b) => rang(a) - rang(b));
}

/** Everything of one publication, or nothing: the previous worker goes on until the last byte is there. */
async function installer() {
  const ouvertes = (await clients.matchAll({ includeUncontrolled: true, type: 'window' })).map((c) => chemin(c.url)), anciennes = [];
  for (const nom of await caches.keys()) {
    if (!nom.startsWith(nos) || !nom.endsWith('visites')) continue;
    for (const q of await (await caches.open(nom)).keys()) anciennes.push(chemin(q.url));
  }
  const relues = [...new Set([...anciennes, ...ouvertes])].filter((c) => pagePermise(c) && !SITE.pages.includes(c));
  const fixe = await caches.open(coquille);
  let reste = SITE.octets;
  for (const [cle, r] of await rassembler(SITE.pages)) if ((reste -= taille(r)) >= 0) await fixe.put(cle, r);
  const mobile = await caches.open(visites);
  for (const [cle, r] of await rassembler(relues)) if (!(await fixe.match(cle))) await mobile.put(cle, r);
  await elaguer();
}

/** The visited that were fetched longest ago go first: keys stand in the order in which they were put. */
async function elaguer() {
  const cache = await caches.open(visites);
  let nombre = 0, somme = 0;
  for (const q of (await cache.keys()).reverse()) {
    const n = taille(await cache.match(q));
    if (nombre < SITE.nombre && somme + n <= SITE.visites) { nombre++; somme += n; } else await cache.delete(q);
  }
}

async function garder(cle, r) {
  const copie = await copier(r);
  if (taille(copie) > SITE.visites / 8) return;
  const fixe = await caches.open(coquille);
  if (await fixe.match(cle)) return;
  await (await caches.open(visites)).put(cle, copie);
  await elaguer();
}

// Pages that stand alone on this host; lists for other sites, mails and the editors' pages are not among them.
const pagePermise = (c) => c.startsWith(SITE.racine) && /(\/|\.html)$/.test(c) && !/^(embed|admin)\/|courriel\.html$/.test(c.slice(SITE.racine.length));

const secours = async (cle) => trouver(SITE.langues.findLast((l) => cle.startsWith(l.prefixe)).secours);

/** A kept page says that it is one: the sentences stand hidden in the page for offline, in its language. */
async function dater(cle, r, lent) {
  const [html, aide] = await Promise.all([r.text(), secours(cle).then((s) => s?.text() ?? '')]);
  const dits = aide.match(/<aside hidden class="avis[^]*?<\/aside>/g) || [];
  return new Response(html.replace('<main', (m) => (dits[lent ? 1 : 0] || '').replace(' hidden', '') + m), { headers: r.headers });
}

async function servir(e, cle) {
  const copie = await trouver(cle);
  const reseau = (async () => {
    const r = (await e.preloadResponse) || await fetch(e.request);
    if (r.status >= 500) throw r;
    if (page(r)) e.waitUntil(garder(cle, r.clone()));
    else if (r.status === 404 || r.status === 410) await (await caches.open(visites)).delete(cle);
    return r;
  })();
  e.waitUntil(reseau.catch(() => {}));
  if (copie) {
    const trop = new Promise((fini) => setTimeout(fini, 3000, null));
    const r = await Promise.race([reseau, trop]).catch(() => undefined);
    return r || dater(cle, copie, r === null);
  }
  try { return await reseau; } catch (r) {
    if (r instanceof Response) return r;
    if (e.request.mode !== 'navigate') return Response.error();
    const aide = await secours(cle);
    return !aide ? Response.error() : new Response(aide.body, { status: 503, headers: aide.headers });
  }
}

/** Files under assets/ bear their fingerprint: what is kept is right for ever. */
async function immuable(e, cle) {
  const copie = await trouver(cle);
  if (copie) return copie;
  const r = await fetch(e.request);
  if (bonne(r) && r.status === 200) e.waitUntil(garder(cle, r.clone()));
  return r;
}

addEventListener('install', (e) => e.waitUntil(installer().then(() => skipWaiting())));

addEventListener('activate', (e) => e.waitUntil((async () => {
  for (const nom of await caches.keys()) if (nom.startsWith(nos) && nom !== coquille && nom !== visites) await caches.delete(nom);
  await registration.navigationPreload?.enable();
  await clients.claim();
})()));

addEventListener('fetch', (e) => {
  const { method, url, headers } = e.request, u = new URL(url);
  if (method !== 'GET' || u.origin !== location.origin || headers.has('range')) return;
  if (u.pathname.startsWith(SITE.racine + 'assets/')) e.respondWith(immuable(e, u.pathname));
  else if (pagePermise(u.pathname)) e.respondWith(servir(e, u.pathname));
});
