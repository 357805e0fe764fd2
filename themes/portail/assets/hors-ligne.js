// What the device holds of this portal: a list to open without network, and a way to be rid of it.
const ou = document.querySelector('#gardees'), racine = new URL('..', import.meta.url).href;
const noms = (await globalThis.caches?.keys() ?? []).filter((n) => n.startsWith(`vitrine ${racine} `));
const pages = new Map();
for (const nom of noms) {
  const cache = await caches.open(nom);
  for (const q of await cache.keys()) {
    const r = await cache.match(q);
    if (!/^text\/html/.test(r.headers.get('content-type')) || q.url.includes('/hors-ligne/')) continue;
    const page = new DOMParser().parseFromString(await r.text(), 'text/html');
    if (page.documentElement.lang === document.documentElement.lang) pages.set(new URL(q.url).pathname, page.title.split(' · ')[0]);
  }
}
const liste = document.createElement('ul');
for (const [href, titre] of pages) {
  const li = document.createElement('li');
  li.append(Object.assign(document.createElement('a'), { href, textContent: titre }));
  liste.append(li);
}
ou.hidden = !pages.size;
ou.querySelector('div').append(liste);
ou.querySelector('button').addEventListener('click', async (e) => {
  for (const nom of noms) await caches.delete(nom);
  liste.remove();
  ou.querySelector('[role=status]').textContent = e.target.dataset.effacees;
});
