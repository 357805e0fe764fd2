// What other programs read: calendars, feeds, sitemap, exports; and what a site in preparation tells search engines.
import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { browser, build, change, copySite, fileOf, files, pages, root } from './portal.mjs';

const online = copySite(root);
change(path.join(online, 'content/site.yaml'), /^en_ligne: non$/m, 'en_ligne: oui');
const out = build(online);
const hidden = build(root);
const base = 'https://soigner-ici.exemple.fr';
const read = (file, dir = out) => readFileSync(path.join(dir, file), 'utf8');
const ending = (suffix) => files(out).filter((f) => f.endsWith(suffix));
const published = (url) => url.startsWith(base + '/') && existsSync(path.join(out, fileOf(decodeURIComponent(new URL(url).pathname))));

/** The properties of an iCalendar file as [component path, name, parameters, value]; throws where a line is not RFC 5545's. */
function calendar(text) {
  assert.ok(text.endsWith('\r\n') && !/[^\r]\n|\r[^\n]/.test(text), 'lines end in CR LF');
  for (const line of text.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, `over 75 octets: ${line}`);
  const open = [], properties = [];
  for (const line of text.slice(0, -2).replace(/\r\n[ \t]/g, '').split('\r\n')) {
    const [, name, parameters, value] = line.match(/^([A-Z-]+)((?:;[A-Z-]+=(?:"[^"]*"|[^":;,]*))*):(.*)$/) || assert.fail(`not a content line: ${line}`);
    assert.ok(!/[\x00-\x08\x0a-\x1f\x7f]/.test(value), `control character: ${line}`);
    if (name === 'BEGIN') open.push(value);
    else if (name === 'END') assert.equal(open.pop(), value, 'END matches BEGIN');
    else properties.push([open.join('/'), name, parameters, value]);
    if (name === 'BEGIN') properties.push([open.join('/'), 'BEGIN', '', value]);
  }
  assert.deepEqual(open, [], 'every BEGIN has its END');
  return properties;
}

function events(properties) {
  const list = [];
  for (const [where, name, parameters, value] of properties) {
    if (where !== 'VCALENDAR/VEVENT') continue;
    if (name === 'BEGIN') list.push({});
    else {
      assert.ok(!(name in list[list.length - 1]), `${name} twice`);
      list[list.length - 1][name] = parameters + value;
    }
  }
  return list;
}

test('calendars: every line, every event', () => {
  const found = ending('.ics');
  assert.ok(found.length >= 15, `${found.length} calendars`);
  for (const file of found) {
    const properties = calendar(read(file));
    const own = new Map(properties.filter(([where]) => where === 'VCALENDAR').map(([, name, , value]) => [name, value]));
    assert.equal(own.get('VERSION'), '2.0', file);
    assert.ok(own.get('PRODID'), file);
    const list = events(properties);
    assert.ok(list.length >= 1, `${file} has an event`);
    assert.equal(new Set(list.map((e) => e.UID)).size, list.length, `${file}: each event its UID`);
    for (const e of list) {
      assert.match(e.UID, /^[^\s@]+@[^\s@]+$/, file);
      for (const name of ['DTSTAMP', 'DTSTART', 'DTEND']) assert.match(e[name] || '', /^\d{8}T\d{6}Z$/, `${file}: ${name} is in UTC`);
      assert.ok(e.DTSTART < e.DTEND, `${file}: ends after it begins`);
      assert.ok(e.SUMMARY, file);
      for (const name of ['SUMMARY', 'DESCRIPTION', 'LOCATION']) assert.ok(!/(^|[^\\])(\\\\)*[,;]/.test(e[name] || ''), `${file}: ${name} is escaped: ${e[name]}`);
      assert.ok(published(e.URL), `${file}: ${e.URL}`);
    }
  }
  const all = events(calendar(read('agenda.ics'))).map((e) => e.UID);
  for (const file of found.filter((f) => f.startsWith('evenements/'))) assert.equal(events(calendar(read(file))).length, 1, file);
  assert.equal(all.length, files(out).filter((f) => /^evenements\/[^/]+\/index\.html$/.test(f)).filter((f) => existsSync(path.join(out, f.replace('/index.html', '.ics'))))
    .filter((f) => all.includes(`${f.split('/')[1]}@soigner-ici.exemple.fr`)).length, 'each event of the agenda has its page and its own calendar');
});

test('feeds and sitemap: well-formed, absolute addresses of what is published', async (t) => {
  const chromium = await browser();
  t.after(() => chromium.close());
  const page = await chromium.newPage();
  const parse = (file) => page.evaluate((text) => {
    const doc = new DOMParser().parseFromString(text, 'application/xml');
    if (doc.querySelector('parsererror')) return { error: doc.querySelector('parsererror').textContent };
    const texts = (e, name) => [...e.children].filter((c) => c.localName === name).map((c) => c.textContent);
    const feed = (e) => ({
      id: texts(e, 'id'), title: texts(e, 'title'), updated: texts(e, 'updated'), author: [...e.children].some((c) => c.localName === 'author'),
      links: [...e.children].filter((c) => c.localName === 'link').map((c) => [c.getAttribute('rel'), c.getAttribute('href')]),
    });
    const top = doc.documentElement;
    return {
      root: `{${top.namespaceURI}}${top.localName}`, feed: feed(top), entries: [...top.children].filter((c) => c.localName === 'entry').map(feed),
      urls: [...top.children].filter((c) => c.localName === 'url').map((u) => ({ loc: texts(u, 'loc'), lastmod: texts(u, 'lastmod') })),
    };
  }, read(file));
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$/;

  for (const file of ending('.xml').filter((f) => f !== 'sitemap.xml')) {
    await t.test(file, async () => {
      const x = await parse(file);
      assert.equal(x.error, undefined);
      assert.equal(x.root, '{http://www.w3.org/2005/Atom}feed');
      assert.ok(x.entries.length >= 1, 'an entry');
      for (const f of [x.feed, ...x.entries]) {
        assert.equal(f.id.length, 1);
        assert.equal(f.title.length, 1);
        assert.match(f.updated.join(), moment);
        assert.ok(f.links.length >= 1 && f.links.every(([, href]) => published(href)), `links of ${f.id}: ${f.links.join(' ')}`);
      }
      assert.ok(x.feed.author || x.entries.every((e) => e.author), 'an author');
      assert.deepEqual(x.feed.links.find(([rel]) => rel === 'self'), ['self', `${base}/${file}`]);
      assert.equal(new Set(x.entries.map((e) => e.id[0])).size, x.entries.length, 'each entry its id');
      const dates = x.entries.map((e) => Date.parse(e.updated[0]));
      assert.deepEqual(dates, [...dates].sort((a, b) => b - a), 'the newest first');
    });
  }
  await t.test('sitemap.xml', async () => {
    const x = await parse('sitemap.xml');
    assert.equal(x.error, undefined);
    assert.equal(x.root, '{http://www.sitemaps.org/schemas/sitemap/0.9}urlset');
    const listed = x.urls.map((u) => u.loc.join());
    assert.ok(listed.every(published));
    assert.equal(new Set(listed).size, listed.length);
    for (const u of x.urls) assert.match(u.lastmod.join(), /^(\d{4}-\d\d-\d\d)?$/);
    const wanted = pages(out).filter((u) => !/<meta name="robots" content="noindex">/.test(read(fileOf(u)))).map((u) => base + u);
    assert.ok(wanted.length > 200);
    assert.deepEqual([...listed].sort(), wanted.sort(), 'every page that may be found, no other');
    assert.match(read('robots.txt'), new RegExp(`^Sitemap: ${base}/sitemap\\.xml$`, 'm'));
  });
});

test('exports parse; a map\'s places lie in France', () => {
  for (const file of ending('.json')) {
    const data = JSON.parse(read(file));
    const list = Array.isArray(data) ? data : Object.values(data).find(Array.isArray);
    assert.ok(list.length >= 1, file);
  }
  for (const file of ending('.geojson')) {
    const data = JSON.parse(read(file));
    assert.equal(data.type, 'FeatureCollection', file);
    for (const f of data.features) {
      const [lon, lat] = f.geometry.coordinates;
      assert.ok(lon > -6 && lon < 10 && lat > 41 && lat < 52, `${file}: ${lon} ${lat}`);
    }
  }
  for (const file of ending('.html')) {
    for (const [, text] of read(file).matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
      const data = JSON.parse(text);
      assert.equal(data['@context'], 'https://schema.org', file);
      assert.ok(data['@type'], file);
    }
  }
});

test('a site in preparation is hidden everywhere and says so; one that is online is not', () => {
  for (const url of pages(hidden)) {
    const text = read(fileOf(url), hidden);
    assert.match(text, /<meta name="robots" content="noindex">/, url);
    assert.match(text, /<aside class="avis[^>]*>(?:(?!<\/aside>)[\s\S])*en préparation/, url);
  }
  assert.match(read('robots.txt', hidden), /^User-agent: \*\nDisallow: \/$/m);
  assert.match(read('_headers', hidden), /^ {2}X-Robots-Tag: noindex$/m);
  assert.ok(!/<loc>/.test(read('sitemap.xml', hidden)));
  assert.ok(!/noindex/.test(read('index.html')) && !/en préparation/.test(read('index.html')));
  assert.ok(!/X-Robots-Tag: noindex/.test(read('_headers').split('\n/')[0]), 'not for every address');
  assert.ok(!/^Disallow: \/$/m.test(read('robots.txt')));
});
