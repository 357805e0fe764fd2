// A small portal: one territory, few things. Its home is the territory, and what has no content does not exist.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, fileOf, files, pages, smallSite } from './portal.mjs';

const without = build(smallSite(false));
const withOffers = build(smallSite(true));
const read = (dir, file) => readFileSync(path.join(dir, file), 'utf8');
const visible = (html) => html.replace(/<(script|style|svg)\b[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const menu = (html) => [...html.match(/<nav class="menu[\s\S]*?<\/nav>/)[0].matchAll(/<a href="([^"]*)"/g)].map((m) => m[1]);

for (const [name, dir] of [['without offers', without], ['with offers', withOffers]]) {
  test(`${name}: the home page is the territory's, there is no list of territories`, () => {
    const home = read(dir, 'index.html');
    const title = readFileSync(path.join(smallSite(false), 'content/territoires/rance-et-dourdou.md'), 'utf8').match(/^titre: "?(.*?)"?$/m)[1];
    assert.ok(visible(home.match(/<h1>[\s\S]*?<\/h1>/)[0]).includes(title), `${title} is the h1 of the home page`);
    assert.deepEqual(files(dir).filter((f) => f.startsWith('territoires')), []);
    for (const file of files(dir).filter((f) => /\.(html|xml|json|geojson|ics|txt)$/.test(f))) {
      assert.ok(!/\/territoires?\//.test(read(dir, file)), `${file} speaks of a list of territories`);
    }
  });

  test(`${name}: sections without content do not exist`, () => {
    const sections = ['evenements', 'sites-touristiques', 'circuits', 'locaux', 'mobilites', 'services', 'emplois-conjoint', 'permanences',
      'professionnels', 'temoignages', 'vivre-ici', 'en-stage-ici', ...(dir === without ? ['offres'] : [])];
    const all = files(dir);
    for (const section of sections) {
      assert.deepEqual(all.filter((f) => new RegExp(`(^|/)${section}(/|\\.)`).test(f)), [], section);
      for (const file of all.filter((f) => /\.(html|xml|json|geojson|txt)$/.test(f))) {
        assert.ok(!new RegExp(`"[^"]*/${section}(/|\\.|")`).test(read(dir, file)), `${file} leads to ${section}`);
      }
    }
    // No agenda, no event: only the days on which a stage is chosen, each beside its page.
    assert.deepEqual(all.filter((f) => f.endsWith('.ics')), all.filter((f) => /^stages\/[^/]+\/index\.html$/.test(f) && read(dir, f).includes('.ics"')).map((f) => f.replace('/index.html', '.ics')));
    assert.ok(!/text\/calendar|agenda/i.test(read(dir, 'index.html')), 'no calendar to subscribe to');
    assert.deepEqual(menu(read(dir, 'index.html')), dir === without ? ['/stages/', '/hebergements/', '/etablissements/', '/contact/']
      : ['/stages/', '/offres/', '/hebergements/', '/etablissements/', '/contact/']);
  });

  test(`${name}: no zero is counted, no list is empty, no photograph is missed`, () => {
    for (const url of pages(dir)) {
      const html = read(dir, fileOf(url));
      assert.ok(!/(^|[^\d,.  :])0 (offre|stage|logement|établissement|site|événement|territoire|place|poste)/.test(visible(html)), `${url} counts to zero`);
      assert.ok(!/<(ul|ol|dl|tbody)[^>]*>\s*<\/\1>/.test(html), `${url} has an empty list`);
      assert.ok(!/<img\b/.test(html), `${url} shows a picture that nobody gave`);
    }
  });

  test(`${name}: each facet has something, each door leads somewhere`, () => {
    for (const file of files(dir).filter((f) => /^(stages|offres|etablissements|hebergements)\/[^/]+\/[^/]+\/index\.html$/.test(f))) {
      assert.ok(/<article class="carte/.test(read(dir, file)), `${file} shows nothing`);
    }
    const doors = [...(read(dir, 'index.html').match(/<ul class="portes">[\s\S]*?<\/ul>/) || [''])[0].matchAll(/href="([^"]*)"/g)].map((m) => m[1]);
    assert.ok(doors.length >= 3, 'doors by audience');
    for (const door of doors) assert.ok(files(dir).includes(fileOf(door)), door);
    for (const file of files(dir).filter((f) => f.startsWith('flux'))) assert.match(read(dir, file), /<entry>/, `${file} has an entry`);
  });
}

test('the offers bring their section, their doors, their data', () => {
  const now = files(withOffers);
  for (const file of ['offres/index.html', 'offres/remplacement-camares/index.html', 'offres/nature/remplacement/index.html', 'donnees/offres.json']) assert.ok(now.includes(file), file);
  assert.equal(JSON.stringify(JSON.parse(read(withOffers, 'donnees/offres.json'))).match(/"remplacement-camares"|remplacement-camares\//g).length >= 1, true);
  const doors = (dir) => read(dir, 'index.html').match(/<ul class="portes">[\s\S]*?<\/ul>/)[0].match(/<li>/g).length;
  assert.ok(doors(withOffers) > doors(without), 'replacements have a door of their own once there is one');
  assert.match(visible(read(withOffers, 'index.html')), /3 offres/);
});
