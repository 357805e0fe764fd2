// What the device holds of this portal: a list to open without network, and a way to be rid of it.
const ou = document.querySelector('#gardees'), dans = ou.querySelector('div');
const noms = (await globalThis.caches?.keys() ?? []).filter((n) => n.startsWith(`vitrine ${new URL('..', import.meta.url)} `));
const liste = document.createElement('ul');
for (const nom of noms) {
  for (const { url } of await (await caches.open(nom)).keys()) {
    if (!url.endsWith('/') || url.includes('/hors-ligne/')) continue;
    const page = new DOMParser().parseFromString(await (await caches.match(url, { cacheName: nom })).text(), 'text/html');
    const a = document.createElement('a'), li = document.createElement('li');
    a.href = url;
    a.append(page.title.split(' · ')[0]);
    li.append(a);
    liste.append(li);
  }
}
dans.append(liste);
ou.hidden = !liste.firstChild;
ou.querySelector('button').addEventListener('click', async ({ target }) => {
  for (const nom of noms) await caches.delete(nom);
  dans.textContent = target.dataset.effacees;
  target.hidden = true;
});
