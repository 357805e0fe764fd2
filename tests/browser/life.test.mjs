// Life around a place of training: what a visitor, a family, someone in training and the person who is named find on the pages.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { build, change, copySite, fileOf, files, pages, root } from './portal.mjs';

const out = build(root);
const read = (url, dir = out) => readFileSync(path.join(dir, fileOf(url)), 'utf8');
const text = (html) => html.replace(/<(script|svg)\b[\s\S]*?<\/\1>/g, '').replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
const items = (folder, dir = out) => pages(dir).filter((u) => new RegExp(`^/${folder}/[^/]+/$`).test(u));
const territories = items('territoires').map((u) => u.split('/')[2]);

test('each of the five territories speaks of each subject', () => {
  assert.equal(territories.length, 5);
  for (const folder of ['circuits', 'locaux', 'mobilites', 'services', 'emplois-conjoint', 'permanences', 'professionnels', 'temoignages']) {
    for (const t of territories) assert.ok(pages(out).includes(`/${folder}/territoire/${t}/`), `${folder} of ${t}`);
  }
});

test('a tour is a roadbook: stops in order, each with its hour and its address', () => {
  for (const url of items('circuits')) {
    const stops = [...read(url).matchAll(/<li class="rdv">([\s\S]*?)<\/li>/g)].map((m) => text(m[1]));
    assert.ok(stops.length >= 2, url);
    stops.forEach((stop, i) => assert.match(stop, new RegExp(`^ *Étape ${i + 1} \\d{1,2}\\sh`), `${url}: ${stop}`));
    const hours = stops.map((s) => s.match(/Étape \d+ (\d+)\sh ?(\d+)?/)).map(([, h, m]) => Number(h) * 60 + Number(m || 0));
    assert.deepEqual(hours, [...hours].sort((a, b) => a - b), `${url}: the hours go on`);
    assert.ok(/\d{5} \p{Lu}/u.test(stops[0]), `${url}: an address`);
  }
});

test('places of practice that can be visited say whom to call, and the tours that stop there', () => {
  const visited = read('/etablissements/msp-murat/');
  const box = visited.match(/<div class="etat" role="note">[\s\S]*?<\/div>\s*<\/div>/)[0];
  assert.match(box, /href="tel:\+33/);
  assert.match(box, /href="mailto:[^"]*subject=Visite/);
  assert.match(box, /href="\/circuits\/murat-neussargues-par-le-train\/"/);
  assert.ok(!/Venez voir/.test(read('/etablissements/cpts-haute-gironde/')), 'not where nobody receives');
});

test('journeys are entered and dated', () => {
  for (const url of items('mobilites')) assert.match(text(read(url)), /Vérifié le \d/, url);
});

test('a territory says how one lives there, and its welcome page whom to call', () => {
  for (const t of territories) {
    const html = read(`/territoires/${t}/`);
    const living = html.match(/<h2>Vivre ici<\/h2>[\s\S]*?<\/section>/)[0];
    for (const folder of ['hebergements', 'mobilites', 'emplois-conjoint', 'services']) assert.match(living, new RegExp(`href="/${folder}/[^"]+/"`), `${t}: ${folder}`);
    const welcome = read(`/en-stage-ici/${t}/`);
    assert.match(welcome, /<main[\s\S]*href="tel:/, `${t}: a telephone`);
    assert.ok(html.includes(`href="/en-stage-ici/${t}/"`), `${t} leads to its welcome page`);
  }
});

test('the page for spouses: employers, a school, a person, in each territory', () => {
  const html = read('/conjoint-et-famille/');
  for (const t of territories) {
    const section = html.match(new RegExp(`<section class="section t-${t}">[\\s\\S]*?</section>`))[0];
    for (const what of [/href="\/emplois-conjoint\//, /href="\/services\//, /href="tel:/, /href="mailto:/]) assert.match(section, what, t);
  }
});

test('a name ends with its consent, in every file; the function stays', () => {
  const name = 'Dominique Fictif';
  const holds = (dir) => files(dir).filter((f) => !f.startsWith('.') && readFileSync(path.join(dir, f)).includes(name));
  assert.ok(holds(out).includes('stages/saspas-murat-neussargues/index.html'), 'the stage names its supervisor');
  assert.deepEqual(holds(out).filter((f) => !f.endsWith('.html')), [], 'consent was for pages only');
  const later = build(root, '--date', '2028-07-01');
  assert.deepEqual(holds(later), []);
  assert.match(read('/professionnels/maitre-de-stage-murat/', later), /<h1>Maître de stage à Murat/);
  const site = copySite(root);
  const file = path.join(site, 'content/professionnels/maitre-de-stage-murat.md');
  change(file, /^nom: .*\n/m, '');
  change(file, /^consentement: .*\n/m, '');
  assert.deepEqual(holds(build(site)), [], 'withdrawn');
});
