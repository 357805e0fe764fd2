// A portal visited once opens without network: what the service worker keeps, says, updates, and how it goes away.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import path from 'node:path';
import { createRequire } from 'node:module';
import { spawnSync } from 'node:child_process';
import { browser, change, copySite, files, root, serve, temporary, vitrine, watched } from './portal.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const chromium = await browser();
test.after(() => chromium.close());

/** A port that nobody else is given until it is let go. */
const reserve = () => new Promise((done) => { const s = createServer().listen(0, '127.0.0.1', () => done({ port: s.address().port, letGo: () => new Promise((free) => s.close(free)) })); });

/** A portal online at an address of this computer, which asks for its worker; publish() builds it anew at the same address. */
async function portal(t, prefix = '') {
  const site = copySite(root), out = path.join(temporary(), 'public'), { port, letGo } = await reserve(), url = `http://127.0.0.1:${port}${prefix}/`;
  const settings = path.join(site, 'content/site.yaml');
  change(settings, /^en_ligne: non$/m, 'en_ligne: oui\nhors_ligne: oui');
  const publish = (...options) => {
    const run = spawnSync(vitrine, ['build', '-C', site, '-o', out, '--no-sync', '--base-url', url, ...options], { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
  };
  publish();
  await letGo();
  const server = await serve(out, prefix, true, port);
  t.after(() => server.close());
  return { site, settings, out, publish, server, home: url };
}

/** A visitor of `url` whose worker has finished its work. */
async function visitor(t, url, options = {}) {
  const context = await chromium.newContext({ viewport: { width: 360, height: 640 }, ...options });
  t.after(() => context.close());
  const { page, faults } = await watched(context, new URL(url).origin);
  await page.goto(url);
  await controlled(page);
  return { context, page, faults };
}
const controlled = (page) => page.waitForFunction(async () => (await navigator.serviceWorker.ready).active.state === 'activated' && navigator.serviceWorker.controller);
const stored = (page) => page.evaluate(async () => {
  const list = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const q of await cache.keys()) list.push({ name, path: new URL(q.url).pathname, size: (await (await cache.match(q))?.blob())?.size ?? 0 });
  }
  return list;
});
const until = async (what, ask, times = 100) => { for (let i = 0; i < times; i++) { if (await ask()) return; await new Promise((r) => setTimeout(r, 100)); } assert.fail(what); };
const item = (out, section, not = '') => files(out).filter((f) => new RegExp(`^${section}/[^/]+/index.html$`).test(f) && readFileSync(path.join(out, f), 'utf8').includes('gardable') && !(not && f.includes(not)))
  .map((f) => f.replace('index.html', ''));
const banner = (page) => page.locator('.sans-reseau:visible');

for (const prefix of ['', '/portail']) {
  test(`visited once, opened without network${prefix && ', under a sub-path'}: the page, its like, the lists, with the date; the rest is explained`, async (t) => {
    const { out, home } = await portal(t, prefix);
    const [seen, later, never] = item(out, 'stages');
    const { context, page } = await visitor(t, home + seen);
    await page.goto(home + later + '?x=1#contenu');
    assert.equal(await banner(page).count(), 0, 'nothing is said while the network answers');
    await until('the visited page is kept', async () => (await stored(page)).some((s) => s.path === `${prefix}/${later}`));
    await context.setOffline(true);
    for (const url of [seen, later, '', 'stages/', 'offres/', 'contact/', 'ma-selection/']) {
      await page.goto(home + url);
      assert.match(await banner(page).innerText(), /^Hors ligne\s: page du 15 septembre 2026\.\s+Réessayer$/, url);
      assert.ok(await page.evaluate(() => [...document.styleSheets].length >= 2 && getComputedStyle(document.querySelector('.entete')).display === 'flex'), `${url} has its style`);
      assert.ok(await page.locator('h1').isVisible());
    }
    const answer = await page.goto(home + never);
    assert.equal(answer.status(), 503);
    assert.match(await page.locator('h1').innerText(), /Hors ligne/);
    await page.locator('#gardees li a').first().waitFor();
    const list = await page.locator('#gardees li a').evaluateAll((l) => l.map((a) => [a.pathname, a.textContent]));
    assert.ok(list.some(([p, title]) => p === `${prefix}/${seen}` && title.length > 5), JSON.stringify(list));
    await page.evaluate(axeSource);
    assert.deepEqual(await page.evaluate(async () => (await globalThis.axe.run(document)).violations.map((v) => v.id)), []);
    await page.locator('#gardees li a').first().click();
    await page.waitForURL((u) => u.pathname === list[0][0]);
    await context.setOffline(false);
    await page.goto(home + seen);
    assert.equal(await banner(page).count(), 0);
  });
}

test('a kept item is fetched at once, and compared without network', async (t) => {
  const { out, home } = await portal(t);
  const { context, page, faults } = await visitor(t, home + 'stages/');
  await page.locator('.garder').nth(2).click();
  const id = await page.locator('.garder').nth(2).getAttribute('value');
  await until('the page of the item is kept', async () => (await stored(page)).some((s) => s.path === `/${id}/`));
  await context.setOffline(true);
  await page.goto(home + 'ma-selection/');
  await page.waitForFunction(() => document.querySelectorAll('#comparaison thead th').length === 1);
  assert.equal(await page.locator('thead a').getAttribute('href'), `${home}${id}/`);
  assert.ok(files(out).includes(`${id}/index.html`));
  const shared = await context.newPage();
  await shared.goto(`${home}ma-selection/#${item(out, 'offres')[0].slice(0, -1)}`);
  await shared.locator('#absentes').getByText('Pas lisible hors ligne').waitFor();
  assert.deepEqual(faults.filter((f) => !/ERR_INTERNET_DISCONNECTED|ERR_FAILED/.test(f)), []);
});

test('a new publication: the next visit shows it, then all that is kept is of it, of one piece, and what was before is gone', async (t) => {
  const { site, out, publish, home } = await portal(t);
  const [first, second] = item(out, 'stages');
  const { context, page, faults } = await visitor(t, home + first);
  await page.goto(home + second);
  await until('both are kept', async () => (await stored(page)).filter((s) => s.path === `/${first}` || s.path === `/${second}`).length === 2);
  const before = await stored(page), styles = (list) => list.filter((s) => /assets\/style/.test(s.path)).map((s) => s.path);
  const source = path.join(site, 'content', first.slice(0, -1) + '.md');
  change(source, /^titre: .*$/m, 'titre: Un titre tout neuf');
  change(path.join(site, 'themes/portail/assets/style.css'), '@layer socle {', '@layer socle {\n  .neuf { color: red; }');
  publish('--date', '2026-09-17');
  await page.goto(home + first);
  assert.equal(await page.locator('h1').innerText(), 'Un titre tout neuf', 'the very next visit');
  const version = (list) => [...new Set(list.map((s) => s.name.split(' ')[2]))];
  await until('the old caches are gone', async () => { const now = version(await stored(page)); return now.length === 1 && now[0] !== version(before)[0]; });
  const after = await stored(page);
  assert.notDeepEqual(styles(after), styles(before));
  assert.equal(styles(after).length, 1, 'one style sheet');
  for (const entry of after.filter((s) => s.path.endsWith('/'))) {
    const html = await page.evaluate(async (s) => (await caches.match(s.path, { cacheName: s.name })).text(), entry);
    assert.equal(html, readFileSync(path.join(out, entry.path, 'index.html'), 'utf8'), `${entry.path} is of this publication`);
    for (const [, asset] of html.matchAll(/<(?:link rel="(?:stylesheet|icon)"|script)[^>]*? (?:href|src)="([^"]+)"/g)) assert.ok(after.some((s) => s.path === asset), `${entry.path} has its ${asset}`);
  }
  assert.ok(after.some((s) => s.path === `/${second}`), 'a page visited before is still there');
  await context.setOffline(true);
  await page.goto(home + second);
  assert.match(await banner(page).innerText(), /page du 17 septembre 2026/);
  await page.goto(home + first);
  assert.equal(await page.locator('h1').innerText(), 'Un titre tout neuf');
  assert.deepEqual(faults, []);
});

test('a page that is gone from the portal goes from the device; a failing server shows what was kept', async (t) => {
  const { site, out, publish, home, server } = await portal(t);
  const [gone, stays] = item(out, 'offres');
  const { page } = await visitor(t, home + gone);
  await page.goto(home + stays);
  await until('both are kept', async () => (await stored(page)).filter((s) => s.path === `/${gone}` || s.path === `/${stays}`).length === 2);
  change(path.join(site, 'content', gone.slice(0, -1) + '.md'), /^(titre: )/m, 'brouillon: true\n$1');
  publish();
  assert.equal((await page.goto(home + gone)).status(), 404);
  await until('it is kept no more', async () => !(await stored(page)).some((s) => s.path === `/${gone}`));
  server.instead = (url, response) => url === `/${stays}` && !!response.writeHead(502).end('bad gateway');
  await page.goto(home + stays);
  assert.ok(await banner(page).isVisible() && await page.locator('h1').isVisible());
});

test('a publication that is not whole changes nothing: the worker before, with all it kept, goes on until the rest is there', async (t) => {
  const { site, out, settings, publish, home, server } = await portal(t);
  const { context, page } = await visitor(t, home + item(out, 'stages')[0]);
  const version = async () => [...new Set((await stored(page)).map((s) => s.name.split(' ')[2]))].join();
  await until('the visited page is kept', async () => (await stored(page)).some((s) => /^\/stages\/./.test(s.path)));
  const before = await stored(page), old = await version();
  change(settings, /^date: .*$/m, 'date: 2026-09-18');
  change(path.join(site, 'themes/portail/assets/style.css'), '@layer socle {', '@layer socle {\n  .neuf { color: red; }');
  publish();
  const style = new RegExp(readFileSync(path.join(out, 'index.html'), 'utf8').match(/"(\/assets\/style\.\w+\.css)"/)[1].replaceAll('.', '\\.'));
  assert.ok(!before.some((s) => style.test(s.path)), 'a style sheet of its own');
  for (const [what, status] of [[style, 404], [/^\/offres\/$/, 503], [/^\/contact\/$/, 404]]) {
    let asked = 0;
    server.instead = (url, response) => what.test(url) && !!++asked && !!response.writeHead(status, { 'content-type': 'text/html' }).end('not yet');
    const ended = await page.evaluate(async () => {
      const r = await navigator.serviceWorker.ready;
      await r.update().catch(() => {});
      const w = r.installing ?? r.waiting ?? r.active;
      while (w.state === 'installing') await new Promise((done) => setTimeout(done, 50));
      return [w.state, r.active.state];
    });
    assert.deepEqual(ended, ['redundant', 'activated'], `${what} ${status}`);
    assert.ok(asked > 0);
    assert.deepEqual(await stored(page), before, `${what} ${status}`);
  }
  await context.setOffline(true);
  await page.goto(home + 'offres/');
  assert.match(await banner(page).innerText(), /page du 15 septembre 2026/);
  await context.setOffline(false);
  server.instead = null;
  await page.goto(home);
  await until('now it is whole', async () => await version() !== old && !(await version()).includes(','));
});

test('what was seen last stays longest, also when a publication renews it', async (t) => {
  const { out, settings, publish, home } = await portal(t);
  const seen = item(out, 'stages').slice(0, 4);
  const { page } = await visitor(t, home + seen[0]);
  for (const url of [...seen.slice(1), seen[0]]) {
    await page.goto(home + url);
    await until('it is kept, last', async () => (await stored(page)).filter((s) => s.name.endsWith('visites') && s.path.endsWith('/')).at(-1)?.path === `/${url}`);
  }
  const order = async () => (await stored(page)).filter((s) => s.name.endsWith('visites') && s.path.endsWith('/')).map((s) => s.path), version = async () => (await stored(page))[0]?.name;
  const before = await order(), old = await version();
  assert.deepEqual(before, [...seen.slice(1), seen[0]].map((u) => '/' + u));
  change(settings, /^date: .*$/m, 'date: 2026-09-18');
  publish();
  await page.evaluate(async () => { await (await navigator.serviceWorker.ready).update(); });
  await until('it is renewed', async () => await version() !== old && new Set((await stored(page)).map((s) => s.name.split(' ')[2])).size === 1);
  assert.deepEqual(await order(), before);
});

for (const prefix of ['', '/portail']) {
  test(`other applications of the host, and lists for other sites, are not kept${prefix && ', under a sub-path'}: in any language`, async (t) => {
    const { settings, publish, home, out, server } = await portal(t, prefix);
    change(settings, /^langues: .*$/m, 'langues: [fr, en]');
    publish();
    server.instead = (url, response) => url.startsWith('/blog/') && !!response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Another application</title><p>Signed in as Claude');
    const { page } = await visitor(t, home);
    const lists = files(out).filter((f) => /^(en\/)?embed\/.*index\.html$/.test(f)).map((f) => f.replace('index.html', ''));
    assert.ok(lists.some((u) => u.startsWith('en/')) && lists.some((u) => u.startsWith('embed/')), lists.join());
    const own = item(out, 'stages')[0], english = 'en/' + own;
    await page.evaluate(async ([h, urls]) => { for (const u of urls) await (await fetch(h + u)).text(); }, [home, [...lists, 'blog/', 'blog/compte/', own, english]]);
    await until('pages of the portal are kept', async () => (await stored(page)).some((s) => s.path === `${prefix}/${english}`));
    const kept = (await stored(page)).map((s) => s.path);
    assert.ok(kept.includes(`${prefix}/${own}`));
    assert.deepEqual(kept.filter((p) => /\/(embed|blog)\//.test(p)), []);
  });
}

test('what has passed since is marked, without network, too', async (t) => {
  const { out, settings, publish, home } = await portal(t);
  change(settings, /^date: .*$/m, '');
  publish('--date', '2026-09-15');
  const [offer] = item(out, 'offres');
  const { context, page } = await visitor(t, home + offer);
  assert.equal(await page.locator('.tete .fini').count(), 0);
  await context.clock.setFixedTime(new Date('2036-01-01T10:00:00'));
  await context.setOffline(true);
  await page.goto(home + offer);
  assert.equal(await page.locator('.tete .fini').innerText(), 'terminé');
  await page.goto(home + 'offres/');
  assert.ok(await page.locator('.carte.terminee').count() > 5);
});

test('limits hold: the shell, the visited, their number; nothing foreign, no list for other sites, no export, no mail', async (t) => {
  const { out, home } = await portal(t);
  const { page } = await visitor(t, home);
  const all = files(out).filter((f) => f.endsWith('/index.html')).map((f) => f.replace('index.html', ''));
  const mail = files(out).find((f) => f.endsWith('courriel.html'));
  const mobile = (await stored(page)).find((s) => s.name).name.replace(/ visites$/, '') + ' visites';
  for (const url of [mail, 'embed/stages/', 'donnees/stages.json', 'agenda.ics', 'flux.xml']) await page.evaluate(async (u) => (await fetch(u)).text(), home + url);
  await page.evaluate(async ([h, urls]) => { for (const u of urls) await (await fetch(h + u)).text(); }, [home, all.filter((u) => !u.startsWith('embed')).slice(0, 140)]);
  const sum = (list) => list.reduce((n, s) => n + s.size, 0);
  await until('the last is kept and the limits hold', async () => { const v = (await stored(page)).filter((s) => s.name === mobile); return v.length >= 30 && v.length <= 60 && sum(v) <= 3e6; });
  const [again, ...others] = all.filter((u) => /^stages\/[^/]+\/$/.test(u) && u.split('/').length === 3).slice(0, 1).concat(all.filter((u) => u.startsWith('evenements/')));
  await page.evaluate(async ([h, u, list]) => { for (const x of [u, ...list.slice(0, 40), u, ...list.slice(40, 70)]) await (await fetch(h + x)).text(); }, [home, again, others.concat(all.filter((u) => u.startsWith('etablissements/'))).slice(0, 70)]);
  await page.waitForTimeout(1000);
  assert.ok((await stored(page)).some((s) => s.path === `/${again}`), 'what was asked for again stays longer');
  const now = await stored(page), shell = now.filter((s) => s.name !== mobile);
  t.diagnostic(`shell: ${shell.length} files, ${sum(shell)} bytes; visited: ${now.length - shell.length} files, ${sum(now) - sum(shell)} bytes`);
  assert.ok(shell.length > 10 && sum(shell) <= 2e6, String(sum(shell)));
  for (const part of ['/', '/stages/', '/offres/', '/contact/', '/hors-ligne/', '/ma-selection/']) assert.ok(shell.some((s) => s.path === part), part);
  assert.deepEqual(now.map((s) => s.path).filter((p) => /^\/(embed|donnees\/.*json|flux|admin)|\.ics$|courriel\.html$/.test(p)), []);
});

test('of several languages, those that are read are fetched; each page speaks its own', async (t) => {
  const { settings, publish, home } = await portal(t);
  change(settings, /^langues: .*$/m, 'langues: [fr, en]');
  publish();
  const { context, page } = await visitor(t, home + 'en/stages/');
  const kept = (await stored(page)).map((s) => s.path).filter((p) => p.endsWith('/'));
  assert.ok(kept.includes('/en/') && kept.includes('/en/offres/'));
  assert.deepEqual(kept.filter((p) => !p.startsWith('/en/')), ['/hors-ligne/']);
  await context.setOffline(true);
  await page.goto(home + 'en/offres/');
  assert.match(await banner(page).innerText(), /^Offline: page of September 15, 2026/);
  await page.goto(home + 'en/rien/');
  assert.equal(await page.locator('h1').innerText(), 'Offline');
  await page.goto(home + 'rien/');
  assert.equal(await page.locator('h1').innerText(), 'Hors ligne');
});

test('a network that does not answer in three seconds: the kept page is shown, and says why', async (t) => {
  const { home, server } = await portal(t);
  const { page } = await visitor(t, home + 'stages/');
  let asked = 0;
  server.instead = (url, response) => url === '/stages/' && !!++asked && !!setTimeout(() => response.writeHead(200, { 'content-type': 'text/html' }).end('<title>late</title>'), 6000);
  const start = Date.now();
  await page.goto(home + 'stages/');
  const waited = Date.now() - start;
  assert.match(await banner(page).innerText(), /^Le réseau tarde\s: page du 15 septembre 2026/);
  assert.ok(asked > 0 && waited >= 3000 && waited < 6000, `${asked} requests, ${waited} ms`);
});

test('a portal that wants no worker any more takes it away, with all it kept; what others kept stays', async (t) => {
  for (const off of [[/^hors_ligne: oui$/m, 'hors_ligne: non'], [/^en_ligne: oui$/m, 'en_ligne: non']]) {
    const { settings, publish, home } = await portal(t);
    const { page } = await visitor(t, home);
    await page.evaluate(() => caches.open('of another'));
    change(settings, ...off);
    publish();
    await page.goto(home + 'contact/');
    assert.ok(!(await page.content()).includes('data-ouvrier'));
    await until('it is gone', () => page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length === 0 && (await caches.keys()).join() === 'of another'), 300);
  }
});

test('nobody is caught: no worker at another address, on this computer unless asked for, nor in a portal in preparation', async (t) => {
  const { settings, publish, home, out, server } = await portal(t);
  const registered = async (expected) => {
    const context = await chromium.newContext();
    const page = await context.newPage();
    await page.goto(server.origin + '/', { waitUntil: 'networkidle' });
    const count = () => page.evaluate(() => new Promise((done) => requestIdleCallback(async () => done((await navigator.serviceWorker.getRegistrations()).length))));
    if (expected) await until('a worker is registered', count);
    else await page.waitForTimeout(1500);
    const n = await count();
    await context.close();
    return n;
  };
  assert.equal(await registered(true), 1, home);
  publish('--base-url', 'https://exemple.fr/');
  assert.equal(await registered(false), 0, 'a copy of a portal that lives elsewhere');
  change(settings, /^hors_ligne: oui$/m, '');
  publish();
  assert.equal(await registered(false), 0, 'a trial on this computer');
  assert.match(readFileSync(path.join(out, 'sw.js'), 'utf8'), /const SITE/);
  const rules = readFileSync(path.join(out, '_headers'), 'utf8');
  assert.match(rules, /\/sw\.js\n {2}Cache-Control: no-cache/);
  assert.match(rules, /Content-Security-Policy: default-src 'none';.* script-src 'self'/, 'which allows workers of this origin, and no other');
});
