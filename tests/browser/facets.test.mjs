// Live filters and the search page, as visitors use them at the demonstration's date: by pointer, by finger, by keyboard, on a slow line, without JavaScript.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { browser, build, copySite, files, root, serve, smallSite, watched } from './portal.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const out = build(root);
const bordeaux = { latitude: 44.8378, longitude: -0.5792 };
const phone = { width: 360, height: 740 }, desktop = { width: 1280, height: 900 };

let chromium, site;
test.before(async () => { chromium = await browser(); site = await serve(out); });
test.after(async () => { await chromium.close(); site.close(); });

/** A visitor with a device of their own: the page, and what must stay empty. */
async function visitor(t, options = {}, origin = site.origin) {
  const context = await chromium.newContext({ viewport: desktop, reducedMotion: 'reduce', ...options });
  t.after(() => context.close());
  const { page, faults } = await watched(context, origin);
  t.after(() => assert.deepEqual(faults, []));
  return page;
}
const status = (page) => page.getByRole('status').first();
const says = (page, text) => page.waitForFunction(([s, t]) => new RegExp(t).test(document.querySelector(s)?.textContent.replace(/\s/g, ' ')), ['[role=status]', text.source]);
const plain = (text) => text.replace(/\s+/g, ' ').trim();
const titles = (page) => page.locator('.vivants .cartes h3').allTextContents();
const address = (page) => new URL(page.url()).pathname + new URL(page.url()).search;
const box = (page, name) => page.locator('.affiner li label', { hasText: name }).locator('input');
const saspas = '/stages/?niveau=interne_saspas&semestre=2026-11&faculte=bordeaux&logement=avec';

test('interne, Saspas, novembre, avec logement, le plus près de Bordeaux: four actions from the home page', async (t) => {
  const page = await visitor(t);
  let actions = 0;
  const act = (what) => { actions++; return what; };
  await page.goto(site.origin + '/');
  const form = page.locator('.chercheur');
  assert.equal(await form.getByLabel('À partir de').inputValue(), '2026-11', 'the next semester stands there');
  await act(form.getByLabel('Votre niveau').selectOption({ label: 'Interne de médecine générale, Saspas' }));
  await act(form.getByLabel('Votre faculté').selectOption({ label: 'Bordeaux' }));
  await act(form.getByLabel('Avec logement').check());
  await act(form.getByRole('button', { name: 'Voir les stages' }).click());
  await says(page, /^4 stages$/);
  assert.ok(actions < 5);
  assert.equal(address(page), saspas);
  assert.equal((await titles(page))[0], 'Saspas entre Saint-Ciers et Bourg');
  const first = plain(await page.locator('.vivants .carte').first().textContent());
  assert.match(first, /180 € par mois/);
  assert.match(first, /À 2\d(,\d)? km à vol d’oiseau \(faculté de Bordeaux\)/);
  assert.match(first, /Faculté de Bordeaux : 45 min en voiture/, 'the entered journey is there too');
  assert.equal(await page.locator('#liste').isVisible(), false);
  const far = (await page.locator('.vivants .carte').allTextContents()).map((s) => Number(s.match(/À ([\d,\s]+)\skm/)[1].replace(/\s/g, '').replace(',', '.')));
  assert.deepEqual(far, [...far].sort((a, b) => a - b), 'the nearest first');
});

test('the address is all there is: elsewhere it gives the same, whatever faculty that device remembers', async (t) => {
  const one = await visitor(t), other = await visitor(t);
  await one.goto(site.origin + saspas);
  await says(one, /^4 stages$/);
  await other.goto(site.origin + '/stages/');
  await other.evaluate(() => localStorage.setItem('faculte', 'strasbourg'));
  await other.goto(one.url());
  await says(other, /^4 stages$/);
  assert.deepEqual(await titles(other), await titles(one));
  assert.equal(other.url(), one.url());
  assert.equal(await other.locator('[name=faculte]').inputValue(), 'bordeaux');
  await other.goto(site.origin + '/stages/?logement=gratuit');
  await says(other, /stages/);
  assert.equal(address(other), '/stages/?logement=gratuit', 'a shared address is not sorted anew');
});

test('counts follow each choice, zero is said and not chosen, back goes back', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/stages/');
  assert.equal(await page.locator('.affiner').count(), 0, 'links until somebody asks');
  await page.getByRole('button', { name: 'Combiner des critères' }).click();
  await says(page, /^22 stages$/);
  assert.equal(await page.locator('#liste').isVisible(), true, 'nothing chosen: the list as it was');
  await box(page, 'Interne de médecine générale, Saspas').check();
  await says(page, /^4 stages$/);
  assert.equal(await box(page, 'Interne de médecine générale, Saspas').evaluate((e) => e === document.activeElement), true, 'focus stays');
  const zero = page.locator('.affiner [name=profession][value=infirmier]');
  assert.equal(await zero.getAttribute('aria-disabled'), 'true');
  assert.match(await zero.locator('xpath=..').textContent(), /0$/);
  await zero.click({ force: true });
  assert.equal(await zero.isChecked(), false);
  assert.equal(address(page), '/stages/?niveau=interne_saspas');
  // Another value of the same facet widens: counts of a facet ignore its own choices.
  assert.match(await page.locator('.affiner li label', { hasText: 'niveau 1' }).textContent(), /[1-9]\d*$/);
  await box(page, 'Haute-Gironde').check();
  await says(page, /^1 stage$/);
  await page.goBack();
  await says(page, /^4 stages$/);
  assert.equal(await box(page, 'Haute-Gironde').isChecked(), false);
  await page.goBack();
  await says(page, /^22 stages$/);
  assert.equal(await page.locator('#liste').isVisible(), true);
  await page.goForward();
  await says(page, /^4 stages$/);
  await page.getByRole('link', { name: 'Retirer : Interne de médecine générale, Saspas' }).click();
  await says(page, /^22 stages$/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'resultats', 'focus is not lost with the link that went');
});

test('nothing found: each way out says what it gives, and gives it', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/stages/?niveau=interne_saspas&territoire=loir-et-cher&semestre=2026-11');
  await says(page, /^Rien ne répond/);
  const ways = page.locator('.vivants .portes a');
  assert.ok(await ways.count() >= 3);
  assert.match((await ways.allTextContents()).join('|'), /Sans «\sLoir-et-Cher\s»/);
  // The neighbours: Pays vendômois is nearer to Loir-et-Cher than the others.
  const territories = (await ways.locator('span').allTextContents()).filter((s) => /^(Est Cantal|Haute-Gironde|Pays)/.test(s));
  assert.equal(territories[0], 'Pays vendômois');
  for (let i = 0; i < await ways.count(); i++) {
    const [text, promised] = [await ways.nth(i).textContent(), (await ways.nth(i).locator('small').textContent()).trim()];
    await ways.nth(i).click();
    await page.waitForFunction((n) => document.querySelector('[role=status]').textContent === n, promised).catch(() => assert.fail(`${text}: not ${promised}`));
    await page.goBack();
    await says(page, /^Rien ne répond/);
  }
});

test('a faculty is remembered by the device, said so, and forgotten on request', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/stages/');
  await page.getByRole('button', { name: 'Combiner des critères' }).click();
  await says(page, /^22 stages$/);
  assert.equal(await page.locator('.memoire').isVisible(), false);
  await page.locator('[name=faculte]').selectOption({ label: 'Université de Tours' });
  await page.waitForURL(/faculte=tours/);
  await page.locator('.memoire').waitFor();
  assert.match(await page.locator('.memoire').textContent(), /sur cet appareil seulement/);
  await page.goto(site.origin + '/offres/');
  await page.getByRole('button', { name: 'Combiner des critères' }).click();
  await page.waitForURL(/\/offres\/\?faculte=tours$/);
  await page.getByRole('button', { name: 'Oublier' }).click();
  await says(page, /a oublié/);
  assert.equal(await page.evaluate(() => localStorage.length), 0);
  assert.equal(await page.locator('[name=faculte]').evaluate((e) => e === document.activeElement), true);
  await page.goto(site.origin + '/donnees-personnelles/');
  assert.match(await page.locator('main').textContent(), /la faculté que vous choisissez est retenue sur votre appareil/);
  assert.deepEqual(await page.context().cookies(), []);
});

test('a device that keeps nothing says so once, and the faculty counts all the same', async (t) => {
  const page = await visitor(t);
  await page.addInitScript(() => Object.defineProperty(globalThis, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } }));
  await page.goto(site.origin + '/stages/?filtres');
  await says(page, /^22 stages$/);
  await page.locator('[name=faculte]').selectOption({ label: 'Université de Tours' });
  await says(page, /^22 stages\. Cet appareil n’a pas pu retenir votre choix\.$/);
  await page.waitForURL(/faculte=tours/);
  assert.equal(await page.locator('.memoire').isVisible(), false);
  await box(page, 'Interne de médecine générale, Saspas').check();
  await says(page, /^4 stages$/);
});

test('near me: only when asked, said when refused, not written in the address', async (t) => {
  const yes = await visitor(t, { geolocation: bordeaux, permissions: ['geolocation'] });
  await yes.goto(site.origin + '/stages/?niveau=interne_saspas');
  await says(yes, /^4 stages$/);
  await yes.getByRole('button', { name: 'Près de moi' }).click();
  await yes.waitForURL(/faculte=moi/);
  await yes.locator('.vivants .carte').first().filter({ hasText: 'Saspas entre Saint-Ciers et Bourg' }).waitFor();
  assert.equal((await titles(yes))[0], 'Saspas entre Saint-Ciers et Bourg');
  assert.ok(!/44|lat/.test(address(yes)), address(yes));
  const shared = yes.url();
  const no = await visitor(t);
  await no.goto(shared);
  await says(no, /^4 stages\. Cette adresse part de la position/);
  await no.getByRole('button', { name: 'Près de moi' }).click();
  await says(no, /n’a pas donné votre position/);
});

test('unknown is not near: a limit of distance or of journey keeps only what is known', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/stages/?faculte=tours&rayon=t60');
  await says(page, /^\d+ stages$/);
  for (const card of await page.locator('.vivants .carte').allTextContents()) {
    const minutes = Number(card.match(/(\d+) min de trajet \(faculté de Tours\)/)[1]);
    assert.ok(minutes <= 60, card);
  }
  await page.goto(site.origin + '/offres/?faculte=tours');
  await says(page, /offres/);
  const cards = await page.locator('.vivants .carte').allTextContents();
  const unknown = cards.map((c) => /Distance inconnue/.test(c));
  assert.deepEqual(unknown, [...unknown].sort(), 'what nobody placed comes last');
});

for (const [what, query, expected, message] of [
  ['a fault of typing', 'psychatrie', /[Pp]sychiatr/, /psychiatrie/],
  ['no accents', 'medecine generale saint-flour', /Saint-Flour/],
  ['the typographic apostrophe', 'l’hôpital de Blaye', /Blaye/],
  ['the typewriter\'s apostrophe', 'l\'hôpital de Blaye', /Blaye/],
  ['a synonym', 'kiné', /[Kk]inésithér/],
  ['a word begun', 'gériatr', /[Gg]ériatr/],
]) {
  test(`search: ${what}`, async (t) => {
    const page = await visitor(t);
    await page.goto(site.origin + '/');
    await page.getByRole('searchbox', { name: 'Rechercher sur ce site' }).fill(query);
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/recherche\/\?q=/);
    await says(page, /^\d+ résultats?/);
    if (message) await says(page, message);
    assert.match((await page.locator('.vivants .carte').allTextContents()).slice(0, 6).join('\n'), expected);
    assert.ok(await page.locator('.vivants mark').count() > 0, 'what was found is marked');
    assert.ok(await page.locator('.vivants > h2').count() > 0, 'by type');
    assert.equal(await page.locator('#q').inputValue(), query);
  });
}

test('search while typing: answers follow, the field keeps the focus, the text stays a text', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/recherche/');
  await page.locator('#q').pressSequentially('logement vendôme', { delay: 20 });
  await says(page, /^\d+ résultats?/);
  await page.waitForURL(/q=logement/);
  assert.equal(await page.evaluate(() => document.activeElement.id), 'q');
  await page.goBack();
  assert.equal(address(page), '/recherche/', 'the letters are one step');
  await page.goto(site.origin + '/recherche/?q=' + encodeURIComponent('<img src=x onerror=alert(1)>'));
  await says(page, /./);
  assert.equal(await page.locator('.vivants img').count(), 0);
  await page.goto(site.origin + '/recherche/?q=stage&nature=disparue');
  await says(page, /n’existe plus : disparue/);
});

test('by the keyboard alone', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/stages/');
  const at = () => page.evaluate(() => { const e = document.activeElement; return e.name ? `${e.name}=${e.value}` : e.textContent.trim(); });
  const tab = async (until) => {
    for (let i = 0; i < 80; i++) { await page.keyboard.press('Tab'); if (until.test(await at())) return; }
    assert.fail(`no way to ${until}`);
  };
  await tab(/^Combiner/);
  await page.keyboard.press('Enter');
  await says(page, /^22 stages$/);
  assert.equal(await at(), 'Affiner', 'focus goes into the panel that came');
  await tab(/^niveau=interne_saspas$/);
  await page.keyboard.press('Space');
  await says(page, /^4 stages$/);
  assert.equal(await at(), 'niveau=interne_saspas');
  await tab(/^logement=avec$/);
  await page.keyboard.press('Space');
  await tab(/^faculte=/);
  await page.keyboard.press('ArrowDown');
  await page.waitForURL(/faculte=bordeaux/);
  assert.equal(await at(), 'faculte=bordeaux');
  await tab(/^Saspas entre Saint-Ciers et Bourg$/);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/stages\/saspas-saint-ciers-bourg\//);
  await page.goBack();
  await says(page, /^4 stages$/);
});

test('by the finger: a panel over the page, targets of 44 pixels, a button to the results', async (t) => {
  const page = await visitor(t, { viewport: phone, hasTouch: true, isMobile: true });
  await page.goto(site.origin + '/stages/');
  await page.getByRole('button', { name: 'Filtrer' }).tap();
  await page.locator('.affiner').waitFor();
  const small = await page.locator('#filtres :is(label:has(input[type=checkbox]), button, select, input[type=search], summary):visible').evaluateAll((l) => l
    .map((e) => [e.textContent.trim() || e.name, e.getBoundingClientRect()]).filter(([, r]) => r.height < 43.9 || r.width < 43.9).map(([n, r]) => `${n}: ${r.width} × ${r.height}`));
  assert.deepEqual(small, []);
  await page.locator('.affiner li label', { hasText: 'Avec logement' }).tap();
  await says(page, /stages$/);
  const button = page.locator('.voir button');
  assert.equal(await button.textContent(), await status(page).textContent());
  await button.tap();
  await page.locator('#filtres').waitFor({ state: 'hidden' });
  assert.ok(await page.locator('.vivants .carte').first().isVisible());
});

test('on a slow line: told that it loads, the list and its links serve meanwhile; a line that breaks is told too', async (t) => {
  const page = await visitor(t);
  let go;
  const gate = new Promise((done) => { go = done; });
  await page.route(/recherche\/fr\..*\.bin$/, async (route) => { await gate; await route.continue(); });
  await page.goto(site.origin + '/stages/');
  await page.getByRole('button', { name: 'Combiner des critères' }).click();
  await says(page, /^Chargement/);
  assert.ok(await page.locator('#liste .carte').first().isVisible());
  assert.ok(await page.locator('#filtres').getByRole('link', { name: /^Internes/ }).isVisible());
  go();
  await says(page, /^22 stages$/);

  const context = await chromium.newContext({ viewport: desktop });
  t.after(() => context.close());
  const broken = await context.newPage();
  let down = true;
  await broken.route(/recherche\/fr\..*\.bin$/, (route) => (down ? route.abort() : route.continue()));
  await broken.goto(site.origin + '/stages/');
  await broken.getByRole('button', { name: 'Combiner des critères' }).click();
  await says(broken, /n’a pas pu être chargée/);
  assert.ok(await broken.locator('#liste .carte').first().isVisible());
  down = false;
  await broken.getByRole('button', { name: 'Combiner des critères' }).click();
  await says(broken, /^22 stages$/);
});

test('of two answers the last one asked for is shown, whichever comes first', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/stages/?filtres');
  await says(page, /^22 stages$/);
  let go, held = 0;
  const gate = new Promise((done) => { go = done; });
  await page.route(/recherche\/[0-9a-f]+\/[tlx]\d+\.bin$/, async (route) => { held++; await gate; await route.continue(); });
  await page.locator('#q').fill('logement');
  await page.waitForURL(/q=logement/);
  await page.locator('#q').fill('');
  await page.waitForURL(/stages\/$/);
  await box(page, 'Interne de médecine générale, Saspas').check();
  await says(page, /^4 stages$/);
  assert.ok(held > 0);
  go();
  await page.unroute(/recherche\/[0-9a-f]+\/[tlx]\d+\.bin$/, { behavior: 'wait' }).catch(() => {});
  await page.waitForTimeout(500);
  assert.equal(plain(await status(page).textContent()), '4 stages');
  assert.equal(address(page), '/stages/?niveau=interne_saspas');
});

test('what is typed while the index loads is looked for, also when the field was left', async (t) => {
  const page = await visitor(t);
  let go;
  const gate = new Promise((done) => { go = done; });
  await page.route(/recherche\/fr\..*\.bin$/, async (route) => { await gate; await route.continue(); });
  await page.goto(site.origin + '/recherche/?q=kiné');
  await page.locator('main input[type=search]').fill('psychiatrie');
  await page.keyboard.press('Tab');
  await page.waitForTimeout(300);
  go();
  await page.waitForURL(/q=psychiatrie/);
  await says(page, /^\d+ résultats?$/);
  assert.equal(await page.locator('main input[type=search]').inputValue(), 'psychiatrie');
  await page.goto(site.origin + '/recherche/');
  await page.locator('main input[type=search]').fill('logement');
  await page.waitForURL(/q=logement/);
  await page.goBack();
  await page.waitForURL(/recherche\/$/);
  assert.equal(await page.locator('main input[type=search]').inputValue(), '', 'the field follows the way back');
});

test('a part of the index that cannot be had is told, the list of the page comes back, and the next question finds its answer', async (t) => {
  const context = await chromium.newContext({ viewport: desktop });
  t.after(() => context.close());
  const page = await context.newPage(), errors = [];
  page.on('pageerror', (e) => errors.push(e.message));
  await page.goto(site.origin + '/stages/?niveau=interne_saspas');
  await says(page, /^4 stages$/);
  for (const answer of [(route) => route.fulfill({ status: 404, body: 'not here' }), (route) => route.fulfill({ status: 500, body: 'no' }), (route) => route.abort()]) {
    await page.route(/recherche\/[0-9a-f]+\/.*\.bin$/, answer);
    await page.locator('#q').fill('hôpital');
    await says(page, /n’a pas pu être chargée/);
    assert.equal(await page.locator('.vivants .carte').count(), 0, 'no answer to another question');
    assert.ok(await page.locator('#liste .carte').first().isVisible());
    await page.unrouteAll();
    await page.locator('#q').fill('');
    await says(page, /^4 stages$/);
  }
  await page.locator('#q').fill('hôpital');
  await says(page, /^(\d+ stages?|Rien)/);
  assert.deepEqual(errors, []);
});

test('nothing found: the way out without a word leaves that word out, accents and apostrophes or not', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/recherche/?q=' + encodeURIComponent('l’hôpital hélicoptères chambord'));
  await says(page, /^Rien ne répond/);
  const ways = page.locator('.vivants .portes a');
  const all = await ways.evaluateAll((l) => l.map((a) => [new URL(a.href).searchParams.get('q'), a.querySelector('small').textContent]));
  t.diagnostic(JSON.stringify(all));
  assert.ok(all.length > 0);
  for (const [i, [, promised]] of all.entries()) {
    await ways.nth(i).click();
    await page.waitForFunction((n) => document.querySelector('[role=status]').textContent.startsWith(n), promised).catch(() => assert.fail(`${JSON.stringify(all[i])}`));
    await page.goBack();
    await says(page, /^Rien ne répond/);
  }
});

test('without JavaScript: lists and facet pages, and a search page that helps', async (t) => {
  const page = await visitor(t, { javaScriptEnabled: false });
  await page.goto(site.origin + saspas);
  assert.equal(await page.locator('#liste .carte').count(), 22);
  assert.equal(await page.locator('.combiner').isVisible(), false);
  await page.locator('#filtres').getByRole('link', { name: /^Internes/ }).click();
  assert.equal(address(page), '/stages/public/interne/');
  await page.goto(site.origin + '/');
  assert.equal(await page.locator('.chercheur').isVisible(), false);
  await page.getByRole('searchbox', { name: 'Rechercher sur ce site' }).fill('kiné');
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/recherche\/\?q=kin/);
  const links = await page.locator('main a').evaluateAll((l) => l.map((a) => a.getAttribute('href')));
  for (const wanted of ['/plan-du-site/', '/stages/', '/stages/public/interne/', '/vous-etes-interne/', '/hebergements/']) assert.ok(links.includes(wanted), wanted);
});

test('from a facet page, the way to combine starts with its choice', async (t) => {
  const page = await visitor(t);
  await page.goto(site.origin + '/stages/niveau/interne-saspas/');
  assert.equal(await page.evaluate(() => [...document.scripts].filter((s) => /recherche/.test(s.src)).length), 0, 'nothing more is loaded there');
  await page.getByRole('link', { name: 'Combiner des critères' }).click();
  await says(page, /^4 stages$/);
  assert.equal(address(page), '/stages/?niveau=interne_saspas');
});

test('each list has in its live panel what its links offer, with the same counts', async (t) => {
  const page = await visitor(t);
  const lists = files(out).map((f) => f.match(/^([a-z-]+)\/index\.html$/)?.[1]).filter((s) => s && /<template id="vif"/.test(readFileSync(path.join(out, s, 'index.html'), 'utf8')) && s !== 'recherche');
  assert.ok(lists.length >= 15, lists.join());
  for (const list of lists) {
    await page.goto(`${site.origin}/${list}/`);
    const links = await page.locator('#filtres li a').evaluateAll((l) => l.map((a) => [a.getAttribute('href').split('/').slice(2, 4), a.querySelector('.num').textContent]));
    await page.getByRole('button', { name: 'Combiner des critères' }).click();
    await page.locator('.affiner').waitFor();
    await says(page, /\d/);
    const boxes = await page.locator('.affiner li input').evaluateAll((l) => Object.fromEntries(l.map((i) => [`${i.name}/${i.value.replaceAll('_', '-')}`, i.parentNode.lastChild.textContent])));
    for (const [[facet, value], count] of links) if (facet) assert.equal(boxes[`${facet}/${value}`], count, `/${list}/${facet}/${value}/`);
  }
});

test('facets that cannot help are not there: the small portal', async (t) => {
  const small = await serve(build(smallSite(true)));
  t.after(() => small.close());
  const page = await visitor(t, {}, small.origin);
  await page.goto(small.origin + '/');
  assert.equal(await page.locator('.chercheur').count(), 0, 'three placements need no form');
  await page.goto(small.origin + '/stages/?logement=avec');
  await says(page, /stage/);
  const legends = await page.locator('.affiner legend').allTextContents();
  assert.ok(!legends.includes('Territoire'), legends.join());
  for (const list of await page.locator('.affiner fieldset:not(.depuis)').all()) assert.ok(await list.locator('input').count() > 0);
  await page.goto(small.origin + '/recherche/?q=camares');
  await says(page, /résultat/);
});

test('two thousand offers: pages of results, few nodes, an answer at once', async (t) => {
  const dir = copySite(root);
  const model = readFileSync(path.join(dir, 'content/offres/remplacement-droue.md'), 'utf8');
  for (let i = 0; i < 2000; i++) {
    writeFileSync(path.join(dir, `content/offres/remplacement-${i}.md`), model.replace(/^titre: .*$/m, `titre: Remplacement numéro ${i}`).replace(/^publics: .*$/m, `publics: [${i % 2 ? 'medecin' : 'remplacant'}]`));
  }
  const many = await serve(build(dir));
  t.after(() => many.close());
  const page = await visitor(t, {}, many.origin);
  await page.goto(many.origin + '/offres/?nature=remplacement&public=remplacant');
  await says(page, /^1 00\d offres$/);
  const found = Number((await status(page).textContent()).replace(/\D/g, ''));
  assert.equal(await page.locator('.vivants .carte').count(), 24);
  assert.ok(await page.locator('.vivants *').count() < 600);
  await page.getByRole('link', { name: 'Suivants' }).click();
  await page.waitForURL(/page=2/);
  await page.waitForFunction((n) => document.querySelector('.vivants .pages').textContent.includes(`Page 2 sur ${n}`), Math.ceil(found / 24));
  assert.equal(await page.evaluate(() => document.activeElement.id), 'resultats');
  await page.goto(many.origin + '/offres/?nature=remplacement&page=999');
  await page.waitForURL((u) => !u.searchParams.has('page'));
  await page.locator('.vivants .carte').nth(23).waitFor();
});

test('an end that the device\'s date has passed is said', async (t) => {
  const dir = copySite(root);
  const file = path.join(dir, 'content/site.yaml');
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^date: .*\n/m, ''));
  const old = await serve(build(dir, '--date', '2026-09-15'));
  t.after(() => old.close());
  const page = await visitor(t, {}, old.origin);
  await page.clock.setFixedTime(new Date('2031-01-01T12:00:00'));
  await page.goto(old.origin + '/recherche/?type=offre&q=remplacement');
  await says(page, /résultats?/);
  const cards = await page.locator('.vivants .carte').allTextContents();
  assert.ok(cards.length > 2 && cards.every((c) => /terminé/i.test(c)), cards.join('\n'));
  await page.goto(old.origin + '/offres/?nature=remplacement');
  await says(page, /offres?/);
  for (const c of await page.locator('.vivants .carte').allTextContents()) assert.match(c, /terminé/i);
});

const states = ['/stages/?filtres', saspas, '/stages/?niveau=interne_saspas&territoire=loir-et-cher', '/evenements/?territoire=est-cantal', '/recherche/', '/recherche/?q=kin%C3%A9&faculte=tours', '/recherche/?q=psychatrie+introuvable', '/'];
for (const [name, options] of [['light', {}], ['dark', { colorScheme: 'dark' }], ['forced colours', { forcedColors: 'active' }]]) {
  test(`axe finds nothing: ${name}, 360 and 1280 px; no sideways scroll at 320 px`, async (t) => {
    const page = await visitor(t, options);
    for (const state of states) {
      for (const size of [phone, desktop]) {
        await page.setViewportSize(size);
        await page.goto(site.origin + state);
        await page.waitForFunction(() => !location.search || document.querySelector('.affiner'));
        await page.waitForFunction(() => !/^Chargement/.test(document.querySelector('[role=status]')?.textContent ?? ''));
        if (size === phone && await page.locator('#filtres').count()) await page.evaluate(() => document.getElementById('filtres').showPopover());
        for (const open of [true, false]) {
          if (!open) await page.evaluate(() => document.getElementById('filtres')?.matches(':popover-open') && document.getElementById('filtres').hidePopover());
          await page.evaluate(axeSource);
          const found = await page.evaluate((tags) => globalThis.axe.run(document, { runOnly: tags }).then((r) => r.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`)), rules);
          assert.deepEqual(found, [], `${state} at ${size.width}`);
        }
      }
      await page.setViewportSize({ width: 320, height: 640 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${state} scrolls sideways`);
    }
  });
}

test('the script of filters and search keeps to its budget, and a list fetches neither engine nor index unasked', async (t) => {
  const script = files(out).find((f) => /^assets\/recherche\.\w+\.js$/.test(f));
  const size = gzipSync(readFileSync(path.join(out, script)), { level: 6 }).length;
  t.diagnostic(`recherche.js: ${size} bytes compressed`);
  assert.ok(size <= 4.5 * 1024, `${size} bytes`);
  const page = await visitor(t), asked = [];
  page.on('request', (r) => asked.push(r.url()));
  await page.goto(site.origin + '/stages/', { waitUntil: 'networkidle' });
  assert.deepEqual(asked.filter((u) => /moteur|\.bin/.test(u)), []);
});
