// The portal as one person meets it: a walk with and without JavaScript, with the keyboard, under its security policy, late, on a slow line.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { browser, build, change, copySite, fileOf, files, pages, root, serve, watched } from './portal.mjs';

const out = build(root);
const read = (file) => readFileSync(path.join(out, file), 'utf8');
/** The first page below a folder whose text has all of `wanted`. */
const pageWith = (folder, ...wanted) => {
  const found = files(out).find((f) => new RegExp(`^${folder}/[^/]+/index\\.html$`).test(f) && wanted.every((w) => w.test(read(f))));
  assert.ok(found, `a page of ${folder} with ${wanted.join(' and ')}`);
  return '/' + found.replace('index.html', '');
};
const stage = pageWith('stages', /href="\/hebergements\/[a-z]/, /href="tel:/, /data-fin=/);
const offer = pageWith('offres', /href="mailto:/);
const territory = pageWith('territoires', /class="affiche"/);

/** A server and a browser for one test. */
async function open(t, dir = out, withHeaders = true) {
  const server = await serve(dir, '', withHeaders);
  const chromium = await browser();
  t.after(async () => { await chromium.close(); server.close(); });
  return { chromium, origin: server.origin };
}

test('a student walks: home → territory → stage → lodging → contact', async (t) => {
  const { chromium, origin } = await open(t);
  for (const javaScriptEnabled of [true, false]) {
    for (const width of [360, 1280]) {
      await t.test(`${javaScriptEnabled ? 'with' : 'without'} JavaScript at ${width} px`, async () => {
        const context = await chromium.newContext({ viewport: { width, height: 740 }, javaScriptEnabled });
        const { page, faults } = await watched(context, origin);
        await page.goto(origin + '/');
        const follow = async (selector) => {
          const link = page.locator(selector).first();
          await link.scrollIntoViewIfNeeded();
          const href = await link.getAttribute('href');
          await link.click();
          await page.waitForURL('**' + href.replace(/#.*/, ''));
          assert.ok(await page.locator('h1').first().isVisible());
        };
        await follow('main a[href^="/territoires/"]');
        await follow('main a[href^="/stages/"]:not([href="/stages/"])');
        assert.ok(await page.locator('main a[href^="tel:"]').first().isVisible(), 'a stage page has a number to call');
        assert.ok(await page.locator('main a[href^="mailto:"]').first().isVisible(), 'a stage page has an address to write to');
        const lodging = 'main a[href^="/hebergements/"]:not([href="/hebergements/"])';
        if (!(await page.locator(lodging).count())) await page.goto(origin + stage);
        await follow(lodging);
        // The menu is a button on a telephone; it opens without JavaScript.
        const contact = page.locator('header a[href="/contact/"]');
        if (!(await contact.isVisible())) await page.locator('header button.ouvrir').first().click();
        await follow('header a[href="/contact/"]');
        assert.ok(await page.locator('main a[href^="tel:"]').first().isVisible());
        await context.close();
        assert.deepEqual(faults, []);
      });
    }
  }
});

/** Where the focus is: what has it, whether one sees that it has it, whether anything hides it. */
const focused = () => {
  const e = document.activeElement;
  if (!e || e === document.body) return null;
  const outlined = (x) => { const s = getComputedStyle(x); return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2; };
  const rects = [...e.getClientRects()];
  const onScreen = rects.some((r) => r.width > 0 && r.height > 0 && r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth);
  const r = rects.find((x) => x.width > 0 && x.bottom > 0 && x.top < innerHeight);
  const at = r && document.elementFromPoint(r.left + r.width / 2, Math.min(innerHeight - 1, Math.max(0, (Math.max(r.top, 0) + Math.min(r.bottom, innerHeight)) / 2)));
  return {
    what: e.outerHTML.slice(0, 100), id: e.id, href: e.getAttribute('href'), outlined: outlined(e) || [...document.querySelectorAll('.carte:focus-within')].some(outlined),
    onScreen, covered: !at || !(e.contains(at) || at.contains(e)), inMain: Boolean(e.closest('main')),
    index: [...document.querySelectorAll('*')].indexOf(e),
  };
};

test('with the keyboard', async (t) => {
  const { chromium, origin } = await open(t);
  for (const [name, url] of [['home', '/'], ['stage', stage], ['list', '/stages/'], ['contact', '/contact/']]) {
    for (const width of [360, 1280]) {
      await t.test(`${name} at ${width} px: every stop is seen, in the order of the page`, async () => {
        const context = await chromium.newContext({ viewport: { width, height: 740 }, reducedMotion: 'reduce' });
        const page = await context.newPage();
        await page.goto(origin + url);
        const reachable = await page.evaluate(() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')].filter((e) => e.checkVisibility() && !e.disabled).length);
        const faults = [];
        let last = -1, stops = 0;
        for (; stops <= reachable + 2; stops++) {
          await page.keyboard.press('Tab');
          const f = await page.evaluate(focused);
          if (!f || f.index < last) break;
          last = f.index;
          if (!f.outlined) faults.push(`not outlined: ${f.what}`);
          if (!f.onScreen) faults.push(`off the screen: ${f.what}`);
          if (f.covered) faults.push(`covered: ${f.what}`);
        }
        assert.deepEqual(faults, []);
        assert.equal(stops, reachable, 'every link and button is a stop, and nothing else');
        await context.close();
      });
    }
    await t.test(`${name}: the first stop leads past the menu`, async () => {
      const context = await chromium.newContext({ viewport: { width: 1280, height: 740 } });
      const page = await context.newPage();
      await page.goto(origin + url);
      await page.keyboard.press('Tab');
      assert.equal((await page.evaluate(focused)).href, '#contenu');
      await page.keyboard.press('Enter');
      assert.equal((await page.evaluate(focused)).id, 'contenu');
      await page.keyboard.press('Tab');
      assert.ok((await page.evaluate(focused)).inMain, 'the next stop is in the content');
      await context.close();
    });
  }
  await t.test('the menu of a telephone opens, is walked and closes', async () => {
    for (const javaScriptEnabled of [true, false]) {
      const context = await chromium.newContext({ viewport: { width: 360, height: 740 }, javaScriptEnabled });
      const page = await context.newPage();
      await page.goto(origin + '/');
      const opener = page.locator('header button.ouvrir').first(), entry = page.locator('#menu a').first();
      assert.ok(!(await entry.isVisible()));
      await opener.focus();
      await page.keyboard.press('Enter');
      assert.ok(await entry.isVisible());
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      assert.ok(await page.locator('#menu a:focus').count(), 'the focus goes into the menu');
      await page.keyboard.press('Escape');
      assert.ok(!(await entry.isVisible()));
      assert.ok(await opener.evaluate((e) => e === document.activeElement), 'the focus comes back to its button');
      await context.close();
    }
  });
});

test('the security policy holds, and blocks nothing of the portal', async (t) => {
  const bare = copySite(root);
  change(path.join(bare, 'content/site.yaml'), /^en_ligne:/m, 'en_tetes_du_serveur: non\nen_ligne:');
  const hosts = [['sent by the server', out, true], ['written in the pages, by a host that sends no header', build(bare), false]];
  for (const [name, dir, withHeaders] of hosts) {
    await t.test(name, async (t2) => {
      const { chromium, origin } = await open(t2, dir, withHeaders);
      const context = await chromium.newContext();
      const { page, faults } = await watched(context, origin);
      for (const url of ['/', '/stages/', stage, offer, territory, '/contact/', '/404.html']) {
        const response = await page.goto(origin + url);
        assert.equal(Boolean(response.headers()['content-security-policy']), withHeaders);
        assert.equal(Boolean(await page.locator('meta[http-equiv="Content-Security-Policy"]').count()), !withHeaders);
        assert.ok(await page.evaluate(() => [...document.styleSheets].every((s) => s.cssRules.length > 0) && document.styleSheets.length >= 2), 'the style sheets are applied');
      }
      assert.deepEqual(faults, []);
      const blocked = await page.evaluate(async () => {
        const violations = [];
        document.addEventListener('securitypolicyviolation', (e) => violations.push(e.effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.lived = true';
        const image = new Image();
        image.src = 'https://exemple.invalid/x.png';
        const style = document.createElement('p');
        style.setAttribute('style', 'color: red');
        document.body.append(script, image, style);
        await new Promise((done) => setTimeout(done, 200));
        return { lived: Boolean(window.lived), violations: violations.sort() };
      });
      assert.deepEqual(blocked, { lived: false, violations: ['img-src', 'script-src-elem', 'style-src-attr'] });
    });
  }
});

test('a page that nobody rebuilt says what is over', async (t) => {
  const dated = copySite(root);
  change(path.join(dated, 'content/site.yaml'), /^date: .*\n/m, '');
  const { chromium, origin } = await open(t, build(dated, '--date', '2026-09-15'));
  const marks = async (now, javaScriptEnabled = true) => {
    const context = await chromium.newContext({ javaScriptEnabled, timezoneId: 'Europe/Paris', locale: 'fr-FR' });
    const page = await context.newPage();
    await page.clock.setFixedTime(new Date(now));
    const seen = {};
    for (const [name, url] of [['home', '/'], ['stage', stage], ['offer', offer], ['events', '/evenements/']]) {
      await page.goto(origin + url);
      seen[name] = await page.locator('time[data-fin]').evaluateAll((all) => all.map((e) => ({
        end: e.dataset.fin.slice(0, 10), text: e.textContent, marked: /termin/i.test(e.nextElementSibling?.matches('.fini') ? e.nextElementSibling.textContent : ''),
        visible: e.checkVisibility(),
      })));
      assert.ok(seen[name].length >= 1, `${name} has a date that ends something`);
    }
    await context.close();
    return Object.values(seen).flat();
  };
  for (const [now, day] of [['2026-09-15T10:00:00+02:00', '2026-09-15'], ['2026-10-06T23:30:00+02:00', '2026-10-06'], ['2027-06-01T00:30:00+02:00', '2027-06-01'], ['2030-01-01T00:00:00+01:00', '2030-01-01']]) {
    await t.test(`at ${day}: what ended before is marked, nothing else`, async () => {
      const seen = await marks(now);
      assert.deepEqual(seen.filter((s) => s.marked !== s.end < day), []);
      assert.equal(seen.some((s) => s.marked), day > '2026-09-15', 'something is marked later, nothing on the day of the build');
    });
  }
  await t.test('200 days later nothing that is over is shown as open, on any page that speaks of it', async () => {
    const day = '2026-09-15', later = '2027-04-03', dir = build(dated, '--date', day), after = build(dated, '--date', later);
    const open_ = (where, file) => Object.values(JSON.parse(readFileSync(path.join(where, 'donnees', file), 'utf8'))).find(Array.isArray)
      .filter((x) => ['ouvert', 'ouverte', 'a_venir'].includes(x.etat)).map((x) => new URL(x.url).pathname);
    const over = ['stages.json', 'offres.json', 'evenements.json'].flatMap((file) => {
      const still = new Set(open_(after, file));
      const ended = open_(dir, file).filter((url) => !still.has(url));
      assert.ok(ended.length >= 1, `${file}: something ends`);
      return ended;
    });
    const speaking = new Map(); // one page of each layout, and all pages of what is over
    for (const url of pages(dir)) {
      const html = readFileSync(path.join(dir, fileOf(url)), 'utf8');
      if (over.includes(url)) speaking.set(url, url);
      else if (over.some((o) => html.includes(`href="${o}"`))) speaking.set(url.replace(/^(\/.+\/)[^/]+\/$/, '$1*'), url);
    }
    const late = await serve(dir);
    const context = await chromium.newContext({ timezoneId: 'Europe/Paris', locale: 'fr-FR', viewport: { width: 360, height: 800 } });
    const page = await context.newPage();
    await page.clock.setFixedTime(new Date(`${later}T12:00:00+02:00`));
    const faults = [];
    for (const url of speaking.values()) {
      await page.goto(late.origin + url);
      faults.push(...await page.evaluate(([ended, own]) => {
        const told = (e) => [...e.querySelectorAll('.fini')].some((f) => f.checkVisibility());
        if (own && !told(document.querySelector('main'))) return [`${location.pathname} does not say that it is over`];
        return [...document.querySelectorAll('main a[href]')].filter((a) => ended.includes(a.getAttribute('href')))
          .map((a) => [a, a.closest('.carte, .rdv, li, tr, dd') ?? a])
          .filter(([a, e]) => a === e || a === e.querySelector('a')).map(([, e]) => e) // what only mentions it has a date of its own
          .filter((e) => e.checkVisibility() && /ouvert|jusqu|avant le|à venir|\d{4}/i.test(e.textContent) && !told(e))
          .map((e) => `${location.pathname}: ${e.textContent.replace(/\s+/g, ' ').slice(0, 200)}`);
      }, [over, over.includes(url)]));
    }
    await context.close();
    late.close();
    assert.ok(speaking.size > 20, `${speaking.size} pages`);
    assert.deepEqual(faults, []);
  });
  await t.test('without JavaScript the last day is there to read', async () => {
    const months = ['janvier', 'février', 'mars', 'avril', 'mai', 'juin', 'juillet', 'août', 'septembre', 'octobre', 'novembre', 'décembre'];
    for (const s of await marks('2030-01-01T00:00:00+01:00', false)) {
      const [year, month, date] = s.end.split('-').map(Number);
      const words = s.text.replace(/\s/g, ' ');
      assert.ok(!s.marked && s.visible);
      assert.ok(words.includes(`${date === 1 ? '1er' : date} ${months[month - 1]}`) && words.includes(String(year)), `${s.end} in words: ${words}`);
    }
  });
  await t.test('a site that fixes its date is read at that date', async () => {
    const fixed = await open(t);
    const page = await (await fixed.chromium.newContext()).newPage();
    await page.clock.setFixedTime(new Date('2030-01-01T00:00:00Z'));
    await page.goto(fixed.origin + '/evenements/');
    assert.equal(await page.locator('.fini').count(), 0);
  });
});

test('a stage is printed on one sheet, with the number to call', async (t) => {
  const { chromium, origin } = await open(t);
  const page = await (await chromium.newContext()).newPage();
  const faults = [];
  for (const url of pages(out).filter((u) => /^\/stages\/[^/]+\/$/.test(u))) {
    await page.goto(origin + url);
    const sheets = (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
    if (sheets !== 1) faults.push(`${url}: ${sheets} sheets`);
    await page.emulateMedia({ media: 'print' });
    if (!await page.evaluate(() => document.body.innerText.includes(document.querySelector('main a[href^="tel:"]')?.textContent.match(/(\d\d.){4}\d\d/)[0]))) faults.push(`${url}: no number on paper`);
    await page.emulateMedia({ media: null });
  }
  assert.deepEqual(faults, []);
});

test('on paper, lists and maps fill the sheet', async (t) => {
  const { chromium, origin } = await open(t);
  const page = await (await chromium.newContext({ viewport: { width: 695, height: 1000 } })).newPage();
  const sheets = async () => (await page.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g).length;
  await page.emulateMedia({ media: 'print' });
  const faults = [];
  let cards = 0;
  for (const url of pages(out).filter((u) => /^\/[^/]+\/$/.test(u))) {
    await page.goto(origin + url);
    const seen = await page.evaluate(() => {
      const main = document.querySelector('main').clientWidth;
      const widths = [...document.querySelectorAll('main .cartes > li, main .agenda > li')].filter((e) => e.offsetWidth).map((e) => e.offsetWidth / main);
      return { number: widths.length, least: Math.min(1, ...widths), wide: document.documentElement.scrollWidth - document.documentElement.clientWidth };
    });
    cards += seen.number;
    if (seen.least < 0.28) faults.push(`${url}: a card takes ${seen.least.toFixed(2)} of the width`);
    if (seen.wide > 0) faults.push(`${url}: ${seen.wide} px too wide`);
  }
  assert.ok(cards > 100, `${cards} cards seen`);
  assert.deepEqual(faults, []);
  for (const [url, most] of [['/', 2], ['/stages/', 3], ['/carte/haute-gironde/', 2]]) {
    await page.goto(origin + url);
    const number = await sheets();
    assert.ok(number <= most, `${url}: ${number} sheets`);
  }
});

test('a page is light: 60 kB compressed and 8 requests at most', async (t) => {
  const { chromium, origin } = await open(t);
  for (const [name, url] of [['home', '/'], ['list', '/stages/'], ['stage', stage], ['offer', offer], ['territory', territory]]) {
    await t.test(name, async (t2) => {
      const context = await chromium.newContext({ viewport: { width: 1280, height: 900 } });
      const page = await context.newPage();
      const responses = [];
      page.on('response', (r) => responses.push(r));
      await page.goto(origin + url, { waitUntil: 'networkidle' });
      const sizes = await Promise.all(responses.map(async (r) => [new URL(r.url()).pathname, gzipSync(await r.body()).length]));
      const total = sizes.reduce((sum, [, n]) => sum + n, 0);
      t2.diagnostic(`${total} bytes in ${sizes.length} requests`);
      assert.ok(sizes.length >= 3 && sizes.length <= 8, sizes.map(([p]) => p).join(' '));
      assert.ok(total <= 60_000, sizes.join(' · '));
      await context.close();
    });
  }
});
