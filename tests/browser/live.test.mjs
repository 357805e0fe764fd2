// `vitrine serve` in a browser: the page follows what is saved, stylesheets without drawing it anew, errors stand over it in their language.
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { copySite, root, serve } from '../serve/server.mjs';

let dir, server, browser, page;
const said = [];
const item = () => path.join(dir, 'content/etablissements/msp-belmont.md');
const edit = (from, to) => {
  const text = readFileSync(item(), 'utf8');
  assert.match(text, from);
  writeFileSync(item(), text.replace(from, to));
};
before(async () => {
  dir = copySite(path.join(root, 'tests/sites/petite-cc'));
  server = await serve(dir);
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox'] });
  page = await browser.newPage({ viewport: { width: 360, height: 740 } });
  page.on('console', (m) => said.push(m.text()));
  page.on('pageerror', (e) => said.push(String(e)));
});
after(async () => {
  await browser?.close();
  await server?.stop();
});

test('an open page follows a save, and only when its bytes change', { timeout: 90000 }, async () => {
  const address = `http://localhost:${server.port}/etablissements/msp-belmont/`;
  const listening = page.waitForRequest((r) => r.url().endsWith('/.vitrine/live'));
  await page.goto(address);
  await listening;
  assert.equal(await page.locator('script[src^="/.vitrine/"]').count(), 1);
  edit(/^titre: .*/m, 'titre: Une maison qui suit');
  await page.locator('h1', { hasText: 'Une maison qui suit' }).waitFor({ timeout: 30000 });
  await page.evaluate(() => { window.garde = 'oui'; });
  const checked = page.waitForResponse((r) => r.request().method() === 'HEAD', { timeout: 30000 });
  writeFileSync(path.join(dir, 'content/stages/ifsi-saint-sernin.md'), readFileSync(path.join(dir, 'content/stages/ifsi-saint-sernin.md'), 'utf8') + '\nUn mot.\n');
  assert.equal((await checked).status(), 304);
  assert.equal(await page.evaluate(() => window.garde), 'oui', 'a page whose bytes are the same is left as it is');
});

test('a stylesheet is exchanged without the page', { timeout: 90000 }, async () => {
  appendFileSync(path.join(dir, 'themes/portail/assets/style.css'), '\nbody { outline: 3px solid rgb(1, 2, 3); }\n');
  await page.waitForFunction(() => getComputedStyle(document.body).outlineColor === 'rgb(1, 2, 3)', null, { timeout: 30000 });
  assert.equal(await page.evaluate(() => window.garde), 'oui');
});

test('errors stand over the page, with line and remedy, and go', { timeout: 90000 }, async () => {
  edit(/^categorie: .*/m, 'categorie: mspp');
  const board = page.locator('vitrine-probleme section');
  await board.waitFor({ timeout: 30000 });
  assert.match(await board.innerText(), /msp-belmont\.md:\d+:12: erreur: [\s\S]*remède : vouliez-vous dire « msp »/);
  assert.equal(await board.getAttribute('role'), 'alert');
  assert.equal(await page.locator('h1').first().innerText(), 'Une maison qui suit', 'the page behind is the last good one');
  const style = await board.evaluate((e) => ({ width: e.getBoundingClientRect().width, font: getComputedStyle(e).fontFamily, scroll: e.scrollWidth <= e.clientWidth }));
  assert.deepEqual([style.width, style.scroll], [360, true]);
  assert.match(style.font, /sans-serif/, 'its own style applies');
  if (process.env.PICTURES) await page.screenshot({ path: path.join(process.env.PICTURES, 'erreur-360.png') });
  await board.locator('button').click();
  assert.equal(await board.count(), 0);
  await page.reload();
  await board.waitFor({ timeout: 30000 });
  edit(/^categorie: .*/m, 'categorie: msp');
  await board.waitFor({ state: 'detached', timeout: 30000 });
});

test('a hidden tab does not listen, and hears all when it is looked at', { timeout: 90000 }, async () => {
  const hide = (hidden) => page.evaluate((h) => {
    Object.defineProperty(document, 'hidden', { value: h, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
  await hide(true);
  edit(/^titre: .*/m, 'titre: Pendant ce temps');
  await new Promise((go) => setTimeout(go, 1500));
  assert.equal(await page.locator('h1').first().innerText(), 'Une maison qui suit');
  await hide(false);
  await page.locator('h1', { hasText: 'Pendant ce temps' }).waitFor({ timeout: 30000 });
});

test('nothing is refused by the policies of the pages', () => {
  assert.deepEqual(said.filter((s) => !/Failed to load resource|ERR_|net::/.test(s)), []);
});
