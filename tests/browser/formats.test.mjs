// What other programs read: calendars, feeds, sitemap, exports; and what a site in preparation tells search engines.
import test from 'node:test';
import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { browser, build, change, copySite, fileOf, files, pages, root, serve, smallSite, temporary } from './portal.mjs';

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
      assert.match(e.DTSTAMP || '', /^\d{8}T\d{6}Z$/, `${file}: DTSTAMP is in UTC`);
      // The days of a choice of stages are whole days, the same everywhere; whatever else happens, happens at a moment.
      const when = file.startsWith('stages/') ? /^;VALUE=DATE\d{8}$/ : /^\d{8}T\d{6}Z$/;
      for (const name of ['DTSTART', 'DTEND']) assert.match(e[name] || '', when, `${file}: ${name}`);
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

/** RFC 4180 taken at its word: the records of a file, each a list of fields. */
function records(text) {
  const all = [];
  let record = [], at = 0;
  while (at < text.length) {
    let field = '';
    if (text[at] === '"') {
      for (at++; text[at] !== '"' || text[at + 1] === '"'; at++) {
        assert.ok(at < text.length, 'a quote is closed');
        if (text[at] === '"') at++;
        field += text[at];
      }
      at++;
    } else {
      field = text.slice(at).match(/^[^",\r\n]*/)[0];
      at += field.length;
    }
    record.push(field);
    if (text[at] === ',') { at++; if (at === text.length) record.push(''); continue; }
    assert.equal(text.slice(at, at + 2), '\r\n', `a record ends in CR LF: ${JSON.stringify(text.slice(at - 20, at + 20))}`);
    at += 2;
    all.push(record);
    record = [];
  }
  assert.equal(record.length, 0, 'the last line is ended');
  return all;
}

const at = (object, dotted) => dotted.split('.').reduce((o, name) => o?.[name], object);
const durations = { minute: ['PT', 'M'], heure: ['PT', 'H'], jour: ['P', 'D'], semaine: ['P', 'W'], mois: ['P', 'M'], annee: ['P', 'Y'] };

/** What a cell must hold for a value of the JSON file. */
function cellOf(field, value) {
  if (value === undefined || (Array.isArray(value) && !value.length)) return '';
  if (field.type === 'list') return value.map((v) => String(v).replaceAll('|', '/')).join(field.delimiter);
  if (field.type === 'duration') return durations[value.unite].join(value.valeur);
  if (field.format === 'uri' && typeof value === 'object') return base + value.url;
  return String(value);
}

test('the tables say what the JSON files say, and the catalogue what their columns mean', () => {
  const catalogue = JSON.parse(read('donnees/datapackage.json'));
  assert.equal(catalogue.$schema, 'https://datapackage.org/profiles/2.0/datapackage.json');
  assert.match(catalogue.name, /^[a-z0-9._-]+$/);
  assert.deepEqual(catalogue.licenses.map((l) => Object.keys(l).sort()), [['name', 'path', 'title']]);
  assert.equal(new Set(catalogue.resources.map((r) => r.name)).size, catalogue.resources.length);
  assert.deepEqual(catalogue.resources.map((r) => 'donnees/' + r.path).sort(),
    files(out).filter((f) => /^donnees\/[^/]+\.(csv|json|geojson)$/.test(f) && f !== 'donnees/datapackage.json'), 'every file is in the catalogue, and every file of the catalogue is there');
  const tables = catalogue.resources.filter((r) => r.format === 'csv');
  assert.ok(tables.length >= 25, `${tables.length} tables`);
  const known = ['string', 'integer', 'number', 'boolean', 'date', 'datetime', 'duration', 'list', 'array', 'object'];
  let cells = 0;
  for (const table of tables) {
    const { fields, primaryKey } = table.schema;
    const bytes = readFileSync(path.join(out, 'donnees', table.path));
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const [header, ...rows] = records(text);
    const items = JSON.parse(read(`donnees/${table.path.replace(/csv$/, 'json')}`)).items;
    assert.deepEqual(header, fields.map((f) => f.name), table.path);
    assert.deepEqual(primaryKey, ['slug']);
    assert.equal(new Set(rows.map((r) => r[0])).size, rows.length, `${table.path}: each line its key`);
    assert.equal(rows.length, items.length, table.path);
    for (const f of fields) {
      assert.ok(known.includes(f.type) && f.title, `${table.path}: ${f.name}`);
      if (f.type === 'list') assert.equal(f.delimiter, '|');
    }
    rows.forEach((row, r) => {
      assert.equal(row.length, header.length);
      fields.forEach((f, c) => {
        const value = at(items[r].champs, f.name), where = `${table.path}, ${row[0]}, ${f.name}`;
        if (value !== undefined) cells++;
        if ((f.type === 'array' || f.type === 'object') && value !== undefined && value.length !== 0) assert.deepEqual(JSON.parse(row[c]), value, where);
        else assert.equal(row[c], cellOf(f, value), where);
        if (f.type === 'number' && row[c]) assert.match(row[c], /^-?\d+(\.\d+)?$/, where);
        if (f.type === 'date' && row[c]) assert.match(row[c], /^\d{4}-\d\d-\d\d$/, where);
        if (f.categories && row[c]) for (const v of f.type === 'list' ? row[c].split('|') : [row[c]]) assert.ok(f.categories.some((x) => x.value === v), where);
        if (f.constraints?.required) assert.ok(row[c], where);
      });
      // Nothing is in the JSON file that the table does not tell.
      const untold = Object.keys(items[r].champs).filter((k) => k !== 'type' && !header.some((h) => h === k || h.startsWith(k + '.')));
      assert.deepEqual(untold, [], `${table.path}, ${row[0]}`);
    });
    const page = read(`donnees/${table.path.replace(/\.csv$/, '')}/index.html`);
    for (const f of fields) assert.ok(page.includes(`<code>${f.name}</code>`), `${table.path}: ${f.name} is documented`);
  }
  assert.ok(cells > 4000, `${cells} cells compared`);
  assert.ok(!/consentement|rpps/.test(read('donnees/professionnels.csv').split('\r\n')[0]), 'what is not for others has no column');
});

test('a name leaves with the consent that its item gives, for exports and for frames apart', () => {
  const site = smallSite(false);
  const guichet = path.join(site, 'content/guichets/guichet-rance-dourdou.md');
  const said = (scopes) => {
    const text = readFileSync(guichet, 'utf8').replace(/^(nom|consentement):.*\n/gm, '');
    writeFileSync(guichet, text.replace('---\n', `---\nnom: Personne Fictive\nconsentement: {le: 2026-01-01, portee: [${scopes}], jusqu_au: 2027-12-31}\n`));
    const dir = build(site);
    return ['index.html', 'donnees/guichets.csv', 'donnees/guichets.json'].map((f) => read(f, dir).includes('Personne Fictive'));
  };
  assert.deepEqual(said('page'), [true, false, false]);
  assert.deepEqual(said('export'), [false, true, true]);
});

test('structured data holds what search engines ask of a post and of an event', () => {
  const found = { JobPosting: 0, Event: 0 };
  for (const file of ending('.html')) {
    for (const [, text] of read(file).matchAll(/<script type="application\/ld\+json">(.*?)<\/script>/gs)) {
      const data = JSON.parse(text);
      if (data['@type'] in found) found[data['@type']]++;
      if (data['@type'] === 'JobPosting') {
        assert.match(file, /^offres\/[^/]+\/index\.html$/, 'a placement is no job');
        assert.ok(!/<meta name="robots" content="noindex">/.test(read(file)), `${file}: a post that is over is not advertised`);
        for (const name of ['title', 'description', 'datePosted', 'hiringOrganization', 'jobLocation']) assert.ok(data[name], `${file}: ${name}`);
        assert.match(data.description, /^<p>/, file);
        assert.match(data.datePosted, /^\d{4}-\d\d-\d\d$/, file);
        assert.match(data.validThrough, /^\d{4}-\d\d-\d\dT23:59:59$/, file);
        assert.ok(data.validThrough >= '2026-09-15', file);
        assert.ok(data.hiringOrganization.name, file);
        assert.ok(data.jobLocation.address.addressLocality && data.jobLocation.address.addressCountry, file);
      }
      if (data['@type'] === 'Event') {
        for (const name of ['name', 'startDate', 'location', 'eventStatus', 'eventAttendanceMode']) assert.ok(data[name], `${file}: ${name}`);
        assert.match(data.startDate, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/, file);
        for (const place of [data.location].flat()) {
          if (place['@type'] === 'VirtualLocation') assert.match(place.url, /^https:/, file);
          else assert.ok(place.name && place.address.addressLocality, file);
        }
      }
    }
  }
  assert.ok(found.JobPosting >= 10 && found.Event >= 30, JSON.stringify(found));
});

const frames = () => files(out).filter((f) => /^embed\/.*index\.html$/.test(f)).map((f) => '/' + f.replace('index.html', ''));

test('lists made for frames: small, whole, every link leaves the frame', () => {
  assert.ok(frames().length >= 20, `${frames().length} frames`);
  for (const url of frames()) {
    const html = read(fileOf(url));
    assert.ok(!/<(header|footer|nav|form)\b/.test(html), url);
    assert.match(html, /<meta name="robots" content="noindex">/, url);
    const links = [...html.matchAll(/<a\b[^>]*>/g)].map(([a]) => a);
    assert.ok(links.length >= 2, url);
    for (const a of links) {
      assert.match(a, /target="_top"/, `${url}: ${a}`);
      assert.ok(existsSync(path.join(out, fileOf(a.match(/href="([^"]*)"/)[1]))), `${url}: ${a}`);
    }
  }
  const snippet = read('donnees/index.html').match(/&lt;iframe src=&quot;|&lt;iframe src="([^"]*)" title="[^"]+"/);
  assert.ok(snippet && frames().map((u) => base + u).includes(snippet[1]), 'the lines to paste lead to one of them');
  for (const url of frames()) assert.ok(read('donnees/index.html').includes(`href="${url}"`), `${url} is named on the page of the data`);
});

test('other sites may frame these lists and nothing else', async (t) => {
  assert.match(read('_headers'), /^\/embed\/\*\n {2}Content-Security-Policy: [^\n]*frame-ancestors \*$/m);
  assert.match(read('.htaccess'), /\^\/embed\/#">\n\t\tHeader always set Content-Security-Policy "[^\n]*frame-ancestors \*"/);
  assert.match(read('nginx.conf'), /if \(\$uri ~ "\^\/embed\/"\) \{\n\tset \$vitrine_content_security_policy "[^\n]*frame-ancestors \*";/);
  for (const file of ['_headers', '.htaccess', 'nginx.conf']) {
    assert.ok(!/X-Frame-Options/i.test(read(file)), file);
    assert.equal(read(file).match(/frame-ancestors \*/g).length, 1, `${file}: for this folder only`);
  }
  const chromium = await browser();
  const portal = await serve(out), faculty = temporary();
  t.after(async () => { portal.close(); await chromium.close(); });
  writeFileSync(path.join(faculty, 'index.html'), `<!doctype html><title>x</title><iframe src="${portal.origin}/embed/stages/"></iframe><iframe src="${portal.origin}/stages/"></iframe>`);
  const other = await serve(faculty);
  t.after(() => other.close());
  const page = await chromium.newPage();
  await page.goto(other.origin + '/');
  await page.waitForLoadState('networkidle');
  const [list, refused] = page.frames().slice(1);
  assert.equal(await list.locator('h1').textContent(), 'Stages');
  assert.match(refused.url(), /^chrome-error:/, 'a page of the portal is not framed');
});

test('security.txt: where to write, for less than a year', () => {
  const lines = read('.well-known/security.txt').trim().split('\n').map((l) => l.match(/^([A-Za-z-]+): (\S.*)$/)?.slice(1) || assert.fail(`not a field: ${l}`));
  const all = (name) => lines.filter(([n]) => n === name).map(([, v]) => v);
  assert.ok(all('Contact').length >= 1);
  for (const contact of all('Contact')) assert.ok(/^mailto:[^@\s]+@[^@\s]+$/.test(contact) || published(contact), contact);
  assert.equal(all('Expires').length, 1);
  assert.match(all('Expires')[0], /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const days = (Date.parse(all('Expires')[0]) - Date.parse('2026-09-15')) / 86400000;
  assert.ok(days > 180 && days < 366, `${days} days`);
  assert.deepEqual(all('Canonical'), [`${base}/.well-known/security.txt`]);
  assert.deepEqual(all('Preferred-Languages'), ['fr']);
  assert.match(read('_headers'), /^\/\.well-known\/\*\n {2}Content-Type: text\/plain; charset=utf-8$/m);
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

test('every page is previewed with a picture of its own subject: PNG, 1 200 × 630, at most 60 kB, with a text', () => {
  const used = new Set();
  for (const url of pages(out)) {
    const tag = (name) => read(fileOf(url)).match(new RegExp(`<meta (?:property|name)="${name}" content="([^"]*)">`))?.[1];
    const image = tag('og:image');
    if (/^\/embed\//.test(url)) continue;
    assert.ok(image && published(image), `${url}: ${image}`);
    assert.ok(tag('og:image:alt'), url);
    assert.equal(tag('twitter:card'), 'summary_large_image', url);
    if (image.endsWith('/apercu.png')) assert.deepEqual([tag('og:image:width'), tag('og:image:height')], ['1200', '630'], url);
    used.add(image);
  }
  for (const territory of ['est-cantal', 'haute-gironde', 'loir-et-cher', 'pays-de-saverne', 'pays-vendomois']) assert.ok(used.has(`${base}/territoires/${territory}/apercu.png`), territory);
  assert.match(read('index.html'), new RegExp(`og:image" content="${base}/apercu.png"`));
  for (const image of [...used].filter((u) => u.endsWith('/apercu.png'))) {
    const size = readFileSync(path.join(out, image.slice(base.length + 1))).length;
    assert.ok(size > 5000 && size <= 60 * 1024, `${image}: ${size} bytes`);
  }
});

test('what is painted is what a browser draws', async (t) => {
  const site = copySite(root);
  writeFileSync(path.join(site, 'routes.lua'), `for i, x in ipairs{site.territoires[1], site.territoires[2], site.territoires[3], site.territoires[4], site.territoires[5]} do
    route{url = "/dessin-" .. i .. ".svg", layout = "apercu.svg", index = false, params = {titre = "dessin", territoires = {x}}}
    route{url = "/dessin-" .. i .. ".png", layout = "apercu.svg", index = false, params = {titre = "dessin", territoires = {x}}}
  end
  route{url = "/dessin-6.svg", layout = "apercu.svg", index = false, params = {titre = "dessin", territoires = site.territoires}}
  route{url = "/dessin-6.png", layout = "apercu.svg", index = false, params = {titre = "dessin", territoires = site.territoires}}
  `);
  const server = await serve(build(site));
  const chromium = await browser();
  t.after(async () => { await chromium.close(); server.close(); });
  const page = await chromium.newPage();
  await page.goto(server.origin + '/404.html');
  for (let i = 1; i <= 6; i++) {
    const [size, mean, far] = await page.evaluate(async (name) => {
      const pixels = async (file) => {
        const image = new Image();
        image.src = file;
        await image.decode();
        const canvas = new OffscreenCanvas(1200, 630).getContext('2d');
        canvas.drawImage(image, 0, 0, 1200, 630);
        return [`${image.naturalWidth} ${image.naturalHeight}`, canvas.getImageData(0, 0, 1200, 630).data];
      };
      const [, drawn] = await pixels(`${name}.svg`), [dimensions, painted] = await pixels(`${name}.png`);
      let sum = 0, many = 0;
      for (let k = 0; k < drawn.length; k += 4) {
        const off = Math.max(Math.abs(drawn[k] - painted[k]), Math.abs(drawn[k + 1] - painted[k + 1]), Math.abs(drawn[k + 2] - painted[k + 2]));
        sum += off;
        if (off > 48) many++;
      }
      return [dimensions, sum / (drawn.length / 4), many / (drawn.length / 4)];
    }, `/dessin-${i}`);
    t.diagnostic(`dessin-${i}: mean difference ${mean.toFixed(3)} of 255, ${(far * 100).toFixed(3)} % of the pixels off by more than 48`);
    assert.equal(size, '1200 630');
    assert.ok(mean < 0.6 && far < 0.001, `dessin-${i}: ${mean} ${far}`);
  }
});
