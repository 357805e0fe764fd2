// The charter that docs/theme.md rebuilds as a child theme: its files are taken from there, counted, laid over the demonstration, built and looked at.
import test, { after } from 'node:test';
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { browser, build, copySite, fileOf, pages, root, serve, temporary, vitrine, watched } from './portal.mjs';

const require = createRequire(import.meta.url);
const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** [path, text] of each file that the walk-through gives: its name alone on a line, then a block of code. */
const given = [...readFileSync(path.join(root, 'docs/theme.md'), 'utf8').matchAll(/^`([a-z][\w/.-]+)`\n\n```\w+\n([\s\S]*?)^```$/gm)].map((m) => [m[1], m[2]]);

/** `lines` of YAML, each key at the margin in the place of the one that `text` has. */
function set(text, lines) {
  for (const [, key] of lines.matchAll(/^(\w+):/gm)) text = text.replace(new RegExp(`^${key}:.*\\n(?:[ \\t].*\\n)*`, 'm'), '');
  return /^---$/m.test(text) ? text.replace(/\n---\n/, `\n${lines}---\n`) : text + lines;
}

const site = copySite(root);
for (const [name, text] of given) {
  const file = path.join(site, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, name.startsWith('content/') ? set(readFileSync(file, 'utf8'), text) : text);
}
mkdirSync(path.join(site, 'assets/polices'), { recursive: true });
copyFileSync(require.resolve('@fontsource-variable/bitter/files/bitter-latin-wght-normal.woff2'), path.join(site, 'assets/polices/titres.woff2'));
const out = path.join(temporary(), 'public');
const before = build(root);
const run = spawnSync(vitrine, ['build', '-C', site, '-o', out, '--no-sync'], { encoding: 'utf8' });
const read = (url, dir = out) => readFileSync(path.join(dir, fileOf(url)), 'utf8');

const server = await serve(out);
const chromium = await browser();
// Whatever fails below, nothing is left running that would keep the file from ending.
after(async () => { await chromium.close(); server.close(); });

test('the charter is a child theme of at most 150 lines, settings and logos included', (t) => {
  const lines = given.reduce((n, [, text]) => n + text.trimEnd().split('\n').length, 0);
  t.diagnostic(`${given.length} files, ${lines} lines`);
  assert.ok(given.length >= 9 && lines > 30 && lines <= 150, `${given.length} files, ${lines} lines`);
  assert.match(given.find(([name]) => name === 'themes/charte/theme.yaml')[1], /^extends: portail$/m);
});

test('the demonstration is built with it, without an error or a warning, and has every page it had', () => {
  assert.equal(run.status, 0, run.stderr);
  assert.ok(!/avertissement:|erreur:/.test(run.stderr), run.stderr);
  assert.deepEqual(pages(out), pages(before));
});

test('frame, menu, foot and words are the charter\'s on every page', () => {
  for (const url of pages(out).filter((u) => !u.startsWith('/embed/'))) {
    const html = read(url);
    assert.match(html, /<aside class="bande large" aria-label="En un mot">Cinq territoires vous attendent\.<\/aside>/, url);
    assert.match(html, /<a class="marque"[^>]*><picture><img src="\/assets\/logo\.[^"]*svg"/, url);
    assert.deepEqual([...html.match(/<nav class="menu[\s\S]*?<\/nav>/)[0].matchAll(/<a href="([^"]*)"/g)].map((m) => m[1]), ['/stages/', '/territoires/', '/hebergements/', '/contact/'], url);
    const foot = html.slice(html.indexOf('<footer'));
    assert.match(foot, /Ce portail est payé par[\s\S]*alt="Agence de démonstration"[\s\S]*href="\/actions\/">Toutes les actions/, url);
  }
});

test('the home page has the parts that the settings name, in their order; cards and texts are redrawn', () => {
  const home = read('/');
  const at = ['class="chiffres"', 'class="cartes mur de-5"', '<p class="quand">Quand choisir', 'class="sessions"', 'Vous êtes…'].map((s) => home.indexOf(s));
  assert.ok(at.every((n) => n > 0), `a part is missing: ${at}`);
  assert.deepEqual([...at].sort((a, b) => a - b), at);
  assert.ok(!/carte-offre|Préparer/.test(home.slice(home.indexOf('<main'), home.indexOf('</main>'))), 'a part nobody named');
  assert.match(read('/stages/'), /<p class="quand">Quand choisir/);
  assert.match(read('/contact/'), /<p class="chapo large">Cinq territoires vous attendent\.<\/p>\s*<div class="large">/);
});

/** What can be seen of the charter on the page that is open. */
const seen = () => {
  const shown = (selector) => { const r = document.querySelector(selector)?.getBoundingClientRect(); return Boolean(r && r.width >= 20 && r.height >= 20); };
  const button = document.querySelector('.bouton');
  return {
    logo: shown('.marque img') && document.querySelector('.marque img').naturalWidth > 0,
    funder: shown('.financeurs img'),
    font: [...document.fonts].some((f) => f.family === 'charte-titre' && f.status === 'loaded') && getComputedStyle(document.querySelector('h1')).fontFamily.startsWith('charte-titre'),
    band: getComputedStyle(document.querySelector('.bande')).backgroundColor,
    corners: button && getComputedStyle(button).borderTopLeftRadius,
    wide: document.documentElement.scrollWidth > document.documentElement.clientWidth,
  };
};

for (const colorScheme of ['light', 'dark']) {
  test(`${colorScheme}: logo, font, band and corners are to be seen, axe (contrast among its rules) finds nothing`, async () => {
    const context = await chromium.newContext({ colorScheme, bypassCSP: true });
    const { page, faults } = await watched(context, server.origin);
    for (const width of [360, 1280]) {
      await page.setViewportSize({ width, height: 800 });
      for (const url of ['/', '/stages/', '/stages/mg-n1-saint-savin/', '/territoires/est-cantal/', '/contact/', '/accessibilite/']) {
        await page.goto(server.origin + url);
        await page.evaluate(() => document.fonts.ready);
        const got = await page.evaluate(seen);
        assert.deepEqual({ ...got, band: null, corners: null }, { logo: true, funder: true, font: true, band: null, corners: null, wide: false }, `${url} at ${width}`);
        assert.ok([null, '0px'].includes(got.corners), `${url}: corners of the parent, ${got.corners}`);
        if (colorScheme === 'light' && url === '/') assert.equal(got.band, 'rgb(91, 42, 134)', 'the charter\'s violet, as it is');
        await page.evaluate(axe);
        const violations = await page.evaluate(async () => (await window.axe.run(document)).violations.map((v) => `${v.id}: ${v.nodes[0].html}`));
        assert.deepEqual(violations, [], `${url} at ${width}`);
      }
    }
    assert.deepEqual(faults, []);
    await context.close();
  });
}

test('the territory that was given other colours and another sky wears them, the others theirs', () => {
  const styles = (dir) => read(read('/', dir).match(/href="(\/assets\/palettes\.[^"]*css)"/)[1], dir);
  const tones = (name, dir) => styles(dir).match(new RegExp(`\\.t-${name}\\{([^}]*)\\}`))[1];
  assert.notEqual(tones('est-cantal', out), tones('est-cantal', before));
  assert.equal(tones('haute-gironde', out), tones('haute-gironde', before));
  const poster = (dir) => read('/territoires/est-cantal/', dir).match(/<div class="affiche">[\s\S]*?<\/div>/)[0];
  assert.notEqual(poster(out), poster(before));
});
