// The shortlist: kept on the device, compared side by side, shared, printed, noted in a calendar; without a script nothing is missing.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import ICAL from 'ical.js';
import { browser, build, change, copySite, fileOf, files, root, serve, watched } from './portal.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const out = build(root);
const server = await serve(out);
const chromium = await browser();
test.after(async () => { await chromium.close(); server.close(); });

const telephone = { width: 360, height: 640 };
const key = 'vitrine.selection';
const items = (section) => files(out).map((f) => path.dirname(f)).filter((d) => new RegExp(`^${section}/[^/]+$`).test(d) && readFileSync(path.join(out, d, 'index.html'), 'utf8').includes('gardable'));
const stages = items('stages'), offers = items('offres');
const kept = (page) => page.evaluate((k) => JSON.parse(localStorage[k] ?? '[]').map((g) => g.id), key);
const clean = (s) => s.replace(/\s+/g, ' ').trim();

/** A visitor with some items kept, on a page. */
async function visitor(ids, url, options = {}) {
  const context = await chromium.newContext({ viewport: telephone, ...options });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { page, faults } = await watched(context, server.origin);
  await page.goto(server.origin + '/contact/');
  await page.evaluate(([k, list]) => { localStorage[k] = JSON.stringify(list.map((id) => ({ id, titre: id }))); }, [key, ids]);
  await page.goto(server.origin + url);
  return { context, page, faults };
}
const compared = (page, n) => page.waitForFunction((k) => document.querySelectorAll('#comparaison thead th').length === k, n);

test('nothing jumps while a page loads, whatever is kept', async () => {
  for (const viewport of [telephone, { width: 1100, height: 800 }, { width: 1280, height: 800 }, { width: 1920, height: 1000 }]) {
    const heights = new Set();
    for (const ids of [[], [...stages.slice(0, 2), offers[0]]]) {
      const { context, page } = await visitor(ids, '/contact/', { viewport });
      await page.addInitScript(() => {
        window.shifted = 0;
        new PerformanceObserver((l) => l.getEntries().forEach((e) => { if (!e.hadRecentInput) window.shifted += e.value; })).observe({ type: 'layout-shift', buffered: true });
      });
      const slow = await context.newCDPSession(page);
      for (const url of ['/', '/offres/', `/${stages[0]}/`, '/ma-selection/', '/recherche/?q=saspas']) {
        await slow.send('Emulation.setCPUThrottlingRate', { rate: url === '/' ? 8 : 1 });    // posters come one by one
        await page.goto(server.origin + url, { waitUntil: 'networkidle' });
        if (url === '/ma-selection/' && ids.length) await compared(page, ids.length);
        const shift = await page.evaluate(() => new Promise((go) => setTimeout(() => go(window.shifted), 100)));
        assert.ok(shift < 0.05, `${url} at ${viewport.width} px, ${ids.length} kept: ${shift.toFixed(3)}`);
      }
      heights.add(await page.evaluate(() => document.querySelector('.entete').offsetHeight));
      await context.close();
    }
    assert.equal(heights.size, 1, `the header at ${viewport.width} px: ${[...heights].join(' or ')} px`);
  }
});

test('kept and let go by keyboard and by touch, on cards and on the page; it stays after a reload and shows in the header', async () => {
  const context = await chromium.newContext({ viewport: telephone, hasTouch: true });
  const { page, faults } = await watched(context, server.origin);
  await page.goto(server.origin + '/stages/');
  const buttons = page.locator('.garder');
  assert.equal(await buttons.count(), await page.locator('.cartes > li').count(), 'one on each card');
  assert.ok(await page.locator('.selection').isHidden(), 'no count of nothing');
  const box = await buttons.first().boundingBox();
  assert.ok(box.height >= 44 && box.width >= 44, JSON.stringify(box));
  await buttons.nth(0).tap();
  assert.equal(page.url(), server.origin + '/stages/', 'the card under the button was not opened');
  await buttons.nth(1).focus();
  await page.keyboard.press('Space');
  assert.deepEqual(await buttons.evaluateAll((l) => l.slice(0, 3).map((b) => b.getAttribute('aria-pressed'))), ['true', 'true', 'false']);
  assert.match(await buttons.nth(0).evaluate((b) => b.textContent.trim()), /^Garder : \S/);
  assert.equal(clean(await page.locator('.selection').textContent()), 'Ma sélection 2');
  const [first, second] = await kept(page);
  await page.goto(server.origin + `/${second}/`);
  const own = page.getByRole('button', { name: /^Garder/, pressed: true }).first();
  await own.focus();
  await page.keyboard.press('Enter');
  assert.deepEqual(await kept(page), [first]);
  await page.reload();
  assert.equal(clean(await page.locator('.selection').textContent()), 'Ma sélection 1');
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll('.garder[aria-pressed=true]').length === 1);
  assert.deepEqual(faults, []);
  await context.close();
});

test('twenty at most, and it is said', async () => {
  const { context, page } = await visitor(Array.from({ length: 20 }, (_, i) => `stages/s-${i}`), '/stages/');
  await page.locator('.garder').first().click();
  assert.match(await page.locator('.garder + [role=status]').textContent(), /pleine/);
  assert.equal((await kept(page)).length, 20);
  await context.close();
});

test('every cell of the comparison says what the page says; what a page does not say is told as unknown', async () => {
  const ids = [...stages.slice(0, 3), ...offers.slice(0, 3)];
  const { context, page, faults } = await visitor(ids, '/ma-selection/');
  await compared(page, ids.length);
  const table = await page.evaluate(() => [...document.querySelectorAll('#comparaison tbody tr')].map((tr) => ({ line: tr.dataset.c, hidden: tr.hidden, head: tr.cells[0].scope, cells: [...tr.cells].slice(1).map((c) => c.textContent) })));
  assert.ok(table.every((r) => r.head === 'row'));
  assert.deepEqual(await page.evaluate(() => [...document.querySelectorAll('#comparaison thead th')].map((t) => t.scope)), ids.map(() => 'col'));
  let known = 0;
  for (const [n, id] of ids.entries()) {
    const said = await page.evaluate(async (url) => {
      const doc = new DOMParser().parseFromString(await (await fetch(url)).text(), 'text/html');
      return Object.fromEntries([...doc.querySelectorAll('[data-c]')].map((e) => [e.dataset.c, (e.querySelector('dd') ?? e).textContent]));
    }, `/${id}/`);
    assert.ok(said.lieu && said.logement && said.dates, id);
    for (const row of table.filter((r) => r.line !== 'faculte')) {
      const letters = (s) => s.replace(/\s+/g, '');
      assert.equal(letters(row.cells[n]), said[row.line] ? letters(said[row.line]) : 'nonrenseigné', `${id}, ${row.line}`);
      known += said[row.line] ? 1 : 0;
    }
  }
  assert.ok(known > ids.length * 5, `${known} known cells`);
  assert.ok(table.find((r) => r.line === 'faculte').hidden, 'no distance without a faculty');
  assert.deepEqual(faults, []);
  await context.close();
});

test('the distance is measured from the faculty that the device remembers, or that is chosen here', async () => {
  const { context, page, faults } = await visitor([stages[0]], '/contact/');
  const geo = readFileSync(path.join(out, stages[0], 'index.html'), 'utf8').match(/data-geo="([^,]*),([^"]*)"/).slice(1).map(Number);
  const row = page.locator('tr[data-c=faculte]');
  const check = async (key) => {
    const [lat, lon] = (await page.locator(`#depuis option[value=${key}]`).getAttribute('data-geo')).split(',').map(Number);
    const rad = Math.PI / 180, cos = Math.sin(geo[0] * rad) * Math.sin(lat * rad) + Math.cos(geo[0] * rad) * Math.cos(lat * rad) * Math.cos((geo[1] - lon) * rad);
    const cell = await row.locator('td').textContent();
    assert.ok(Math.abs(Number(cell.replace(/\s*km.*/, '').replace(',', '.').replace(/\s/g, '')) - Math.acos(cos) * 6371) < 0.2, cell);
    assert.equal(await row.locator('th small').textContent(), await page.locator(`#depuis option[value=${key}]`).textContent());
  };
  await page.evaluate(() => { localStorage.faculte = 'tours'; });
  await page.goto(server.origin + '/ma-selection/');
  await compared(page, 1);
  await check('tours');
  await page.getByLabel('À vol d’oiseau de').selectOption('bordeaux');
  await page.waitForFunction(() => document.querySelector('tr[data-c=faculte] small').textContent.includes('Bordeaux'));
  await check('bordeaux');
  assert.equal(await page.evaluate(() => localStorage.faculte), 'bordeaux');
  await page.getByLabel('À vol d’oiseau de').selectOption('');
  await row.waitFor({ state: 'hidden' });
  assert.deepEqual(faults, []);
  await context.close();
});

test('a link shares it: another device sees the same, and is asked before anything is kept there', async () => {
  const mine = await visitor([stages[0], offers[0]], '/ma-selection/');
  await compared(mine.page, 2);
  await mine.page.getByRole('button', { name: 'Copier le lien' }).click();
  await mine.page.getByText('Lien copié').waitFor();
  const link = await mine.page.evaluate(() => navigator.clipboard.readText());
  assert.equal(link, `${server.origin}/ma-selection/#${stages[0]},${offers[0]}`);
  await mine.context.close();
  for (const [answer, then] of [['Ajouter à ma sélection', [stages[1], stages[0], offers[0]]], ['Remplacer la mienne', [stages[0], offers[0]]], ['Revenir à la mienne', [stages[1]]]]) {
    const { context, page, faults } = await visitor([stages[1]], '/contact/');
    const asked = [];
    page.on('request', (r) => asked.push(r.url()));
    await page.goto(link);
    await compared(page, 2);
    assert.deepEqual(await kept(page), [stages[1]], 'nothing is kept unasked');
    assert.ok(await page.locator('#partagee').isVisible());
    await page.getByRole('button', { name: answer }).click();
    await compared(page, then.length);
    assert.deepEqual(await kept(page), then, answer);
    assert.ok(await page.locator('#partagee').isHidden() && !page.url().includes('#'));
    assert.ok(await page.evaluate(() => document.activeElement.matches('h1')), 'the focus is not lost');
    assert.ok(!asked.some((u) => u.includes('ma-selection') && /stages|offres/.test(u)), 'the host is not told what was shared');
    assert.deepEqual(faults, []);
    await context.close();
  }
});

test('what is shared and does not fit is told', async () => {
  const { context, page } = await visitor(Array.from({ length: 20 }, (_, i) => `stages/s-${i}`), `/ma-selection/#${stages[0]}`);
  await compared(page, 1);
  await page.getByRole('button', { name: 'Ajouter à ma sélection' }).click();
  await page.locator('#dire', { hasText: 'pleine' }).waitFor();
  assert.equal((await kept(page)).length, 20);
  await context.close();
});

test('a link made by hand opens nothing but stages and offers of this portal', async () => {
  const { context, page } = await visitor([], '/contact/');
  const asked = [];
  page.on('request', (r) => asked.push(new URL(r.url()).pathname));
  await page.goto(`${server.origin}/ma-selection/#../contact,//evil.example/x,stages/../../x,stages/%3Cimg src=x%3E,${stages[0]}`);
  await compared(page, 1);
  assert.deepEqual(asked.filter((p) => p.endsWith('/') && p !== '/ma-selection/'), [`/${stages[0]}/`]);
  await context.close();
});

test('what has gone is told with its name, what has expired or moved is shown as such; nothing is dropped in silence', async (t) => {
  const site = copySite(root);
  const [gone, moved, old] = [stages[0], stages[1], offers[0]].map((id) => path.join(site, 'content', id + '.md'));
  change(gone, /^brouillon: .*\n|^(titre: )/m, 'brouillon: true\n$1');
  change(moved, /^(titre: )/m, `anciennes_adresses: [/stages/autrefois/]\n$1`);
  change(old, /^valide_au: .*$/m, 'valide_au: 2026-09-10');
  change(old, /^publie_le: .*$/m, 'publie_le: 2026-08-01');
  const later = await serve(build(site));
  t.after(() => later.close());
  const context = await chromium.newContext({ viewport: telephone });
  const page = await context.newPage();
  await page.goto(later.origin + '/contact/');
  await page.evaluate(([k, list]) => { localStorage[k] = JSON.stringify(list); }, [key, [{ id: stages[0], titre: 'Le stage parti' }, { id: 'stages/autrefois', titre: 'Un ancien nom' }, { id: offers[0], titre: 'x' }]]);
  await page.goto(later.origin + '/ma-selection/');
  await compared(page, 2);
  assert.match(clean(await page.locator('#absentes').textContent()), /^N’est plus sur le portail : Le stage parti Retirer/);
  assert.equal(await page.locator('thead th a').first().getAttribute('href'), `${later.origin}/${stages[1]}/`);
  assert.equal(await page.locator('thead th .fini').textContent(), 'Expirée');
  await page.getByRole('button', { name: 'Retirer : Le stage parti' }).click();
  await page.waitForFunction(() => !document.querySelector('#absentes p'));
  assert.equal((await kept(page)).length, 2);
  page.on('dialog', (d) => d.accept());
  await page.getByRole('button', { name: 'Tout effacer' }).click();
  await page.locator('#rien').waitFor();
  assert.deepEqual(await kept(page), []);
  assert.ok(await page.locator('#gardes').isHidden());
  await context.close();
});

test('the days of choice go into one calendar, and each stage has its own', async () => {
  const own = files(out).filter((f) => /^stages\/[^/]+\.ics$/.test(f));
  assert.ok(own.length >= 3);
  for (const f of own) assert.ok(readFileSync(path.join(out, f.replace('.ics', '/index.html')), 'utf8').includes(`href="/${f}"`), f);
  const ids = own.slice(0, 3).map((f) => f.replace('.ics', ''));
  const { context, page, faults } = await visitor([...ids, offers[0]], '/ma-selection/');
  await compared(page, 4);
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Dates dans mon agenda' }).click()]);
  assert.equal(download.suggestedFilename(), 'ma-selection.ics');
  const read = (text) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').map((e) => new ICAL.Event(e));
  const told = (e) => [e.uid, e.summary, e.startDate.toString(), e.endDate.toString()];
  const events = read(readFileSync(await download.path(), 'utf8'));
  assert.deepEqual(events.map(told), own.slice(0, 3).flatMap((f) => read(readFileSync(path.join(out, f), 'utf8'))).map(told));
  assert.equal(new Set(events.map((e) => e.uid)).size, events.length);
  for (const e of events) assert.ok(e.startDate.isDate && e.endDate.compare(e.startDate) > 0, e.summary);
  assert.deepEqual(faults, []);
  await context.close();
  const none = await visitor([offers[0]], '/ma-selection/');
  await compared(none.page, 1);
  await none.page.getByRole('button', { name: 'Dates dans mon agenda' }).click();
  assert.match(await none.page.locator('#dire').textContent(), /Aucune date/);
  await none.context.close();
});

test('a calendar that the host answers with an error, or with a page, is told and not kept', async () => {
  const { context, page } = await visitor([stages[0], stages[1]], '/ma-selection/');
  await compared(page, 2);
  let saved = 0;
  page.on('download', () => { saved++; });
  for (const answer of [{ status: 500, contentType: 'text/calendar', body: 'BEGIN:VEVENT\r\nEND:VEVENT\r\n' }, { status: 200, contentType: 'text/html', body: '<h1>BEGIN:VEVENT\r\nEND:VEVENT\r\n</h1>' }]) {
    await page.route('**/*.ics', (route) => route.fulfill(answer));
    await page.evaluate(() => { document.querySelector('#dire').textContent = ''; });
    await page.getByRole('button', { name: 'Dates dans mon agenda' }).click();
    await page.locator('#dire', { hasText: 'Pas lisible' }).waitFor();
    await page.unroute('**/*.ics');
  }
  assert.equal(saved, 0);
  await context.close();
});

test('three items print on one A4 that lies down', async () => {
  const { context, page } = await visitor([stages[0], stages[1], offers[0]], '/ma-selection/');
  await compared(page, 3);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  assert.equal(pdf.match(/\/Type\s*\/Page\b/g).length, 1);
  const [, width, height] = pdf.match(/\/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)/);
  assert.ok(Number(width) > Number(height), `${width} × ${height}`);
  await context.close();
});

test('a telephone scrolls the table in its frame, with the names of the lines in view; axe finds nothing', async () => {
  const axe = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  for (const [look, options] of Object.entries({ light: {}, dark: { colorScheme: 'dark' }, forced: { forcedColors: 'active' } })) {
    const { context, page } = await visitor([stages[0], stages[1], offers[0]], '/ma-selection/', options);
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const url of ['/ma-selection/', `/${stages[0]}/`, ...(look === 'light' ? [`/ma-selection/#${offers[1]},stages/rien`, '/stages/', `/${offers[0]}/`] : [])]) {
        await page.goto('about:blank');
        await page.goto(server.origin + url);
        if (url.startsWith('/ma')) await compared(page, url.includes('#') ? 1 : 3);
        await page.evaluate(axeSource);
        const found = await page.evaluate(async (values) => (await globalThis.axe.run(document, { runOnly: { type: 'tag', values } })).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 120)).join(' | ')}`), axe);
        assert.deepEqual(found, [], `${look} ${width} ${url}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${url} scrolls sideways at ${width}`);
      }
    }
    await page.setViewportSize(telephone);
    await page.goto(server.origin + '/ma-selection/');
    await compared(page, 3);
    const left = await page.evaluate(() => { const f = document.querySelector('.defile'); f.scrollLeft = 200; return [f.scrollLeft, document.querySelector('tbody th').getBoundingClientRect().left - f.getBoundingClientRect().left]; });
    assert.ok(left[0] === 200 && Math.abs(left[1]) < 1, String(left));
    await context.close();
  }
});

test('without a script: no button that does nothing, and the page of the shortlist explains and leads on', async () => {
  const context = await chromium.newContext({ javaScriptEnabled: false, viewport: telephone });
  const page = await context.newPage();
  await page.goto(server.origin + '/stages/');
  assert.equal(await page.locator('.garder').count(), 0);
  assert.ok(await page.locator('.selection').isHidden());
  await page.goto(server.origin + '/ma-selection/');
  assert.match(await page.locator('main').innerText(), /Sans JavaScript/);
  assert.equal(await page.locator('main button:visible').count(), 0);
  assert.ok(await page.locator('main a[href="/stages/"]').isVisible() && await page.locator('main a[href="/offres/"]').isVisible());
  const html = readFileSync(path.join(out, fileOf('/ma-selection/')), 'utf8');
  assert.ok(html.includes('<meta name="robots" content="noindex">'));
  assert.match(readFileSync(path.join(out, 'donnees-personnelles/index.html'), 'utf8'), /Ma sélection/);
  await context.close();
});

test('what scripts add is looked after once for all that comes together, and only in what the page is about', async () => {
  const context = await chromium.newContext({ viewport: telephone });
  await context.addInitScript(() => {
    const all = Document.prototype.querySelectorAll;
    globalThis.looks = 0;
    Document.prototype.querySelectorAll = function (selector) {
      if (/data-fin/.test(selector)) globalThis.looks++;
      return all.call(this, selector);
    };
  });
  const page = await context.newPage();
  await page.goto(server.origin + '/stages/', { waitUntil: 'networkidle' });
  const looks = () => page.evaluate(() => new Promise((done) => setTimeout(() => { const n = globalThis.looks; globalThis.looks = 0; done(n); }, 300)));
  await looks();
  assert.equal(await looks(), 0, 'at rest');
  await page.evaluate(() => { for (let i = 0; i < 30; i++) document.querySelector('.pied').append(document.createElement('p')); });
  assert.equal(await looks(), 0, 'outside of it');
  await page.evaluate(() => {
    const card = document.querySelector('.gardable').cloneNode(true);
    for (const b of card.querySelectorAll('.garder')) b.remove();
    for (let i = 0; i < 30; i++) document.querySelector('main').append(Object.assign(card.cloneNode(true), { id: `ajout-${i}` }));
  });
  const n = await looks();
  assert.ok(n >= 1 && n <= 2, `${n} looks at the page for thirty cards: one, and one at what that added`);
  assert.equal(await page.locator('[id^=ajout-] .garder').count(), 30);
  await context.close();
});

test('a device that refuses to keep says so: a card, a shared list, a faculty, which counts all the same', async () => {
  for (const [how, refuse] of [['full', () => { Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError'); }; }],
    ['forbidden', () => Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })]]) {
    const context = await chromium.newContext({ viewport: telephone });
    await context.addInitScript(refuse);
    const { page, faults } = await watched(context, server.origin);
    if (how === 'full') {
      await page.goto(server.origin + '/stages/');
      await page.locator('.garder').first().click();
      assert.match(await page.locator('.garder + [role=status]').textContent(), /n’a pas pu retenir/);
      assert.equal(await page.locator('.garder').first().getAttribute('aria-pressed'), 'false');
    }
    await page.goto(`${server.origin}/ma-selection/#${stages[0]}`);
    await compared(page, 1);
    await page.getByRole('button', { name: 'Ajouter à ma sélection' }).click();
    await page.locator('#dire', { hasText: 'n’a pas pu retenir' }).waitFor();
    assert.ok(page.url().endsWith(`#${stages[0]}`), 'what was shared is still there');
    await page.evaluate(() => { document.querySelector('#dire').textContent = ''; });
    await page.getByLabel('À vol d’oiseau de').selectOption('bordeaux');
    await page.locator('#dire', { hasText: 'n’a pas pu retenir' }).waitFor();
    await page.locator('tr[data-c=faculte] td', { hasText: 'km' }).waitFor();
    assert.deepEqual(faults, [], how);
    await context.close();
  }
});

test('a device that allows no storage shows no button, and nothing breaks', async () => {
  const context = await chromium.newContext({ viewport: telephone });
  await context.addInitScript(() => Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } }));
  const { page, faults } = await watched(context, server.origin);
  for (const url of ['/stages/', '/ma-selection/']) await page.goto(server.origin + url, { waitUntil: 'networkidle' });
  assert.ok(await page.locator('#rien').isVisible());
  await page.goto(server.origin + '/stages/');
  assert.equal(await page.locator('.garder').count(), 0);
  assert.deepEqual(faults, []);
  await context.close();
});
