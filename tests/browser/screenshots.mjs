// Pictures of the main kinds of page, to be looked at: telephone (first view and whole page) and desktop, light and dark, and paper.
// usage: node tests/browser/screenshots.mjs [NAME…]     into build/screenshots/, or SCREENSHOTS; the review is docs/revue.md
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { browser, build, files, root, serve, smallSite } from './portal.mjs';

const folder = path.resolve(process.env.SCREENSHOTS || path.join(root, 'build/screenshots'));
const demonstration = build(root);
const small = build(smallSite(true));

/** The first item of a section, or the one asked for when it exists. */
function item(section, wanted = '') {
  const items = files(demonstration).map((f) => path.dirname(f)).filter((d) => new RegExp(`^${section}/[^/]+$`).test(d));
  const found = items.find((d) => d === `${section}/${wanted}`) || items.filter((d) => !/\/(page|territoire)$/.test(d))[0];
  if (!found) throw new Error(`no page below /${section}/`);
  return `/${found}/`;
}

/** name → [output folder, address] */
const kinds = {
  accueil: [demonstration, '/'],
  liste: [demonstration, '/stages/'],
  stage: [demonstration, item('stages', 'mg-n1-saint-savin')],
  offre: [demonstration, item('offres', 'installation-saint-savin')],
  territoire: [demonstration, item('territoires', 'haute-gironde')],
  etablissement: [demonstration, item('etablissements', 'msp-saint-savin')],
  hebergement: [demonstration, item('hebergements')],
  evenement: [demonstration, item('evenements')],
  circuit: [demonstration, item('circuits', 'tour-de-l-estuaire')],
  carte: [demonstration, item('carte', 'haute-gironde')],
  indicateur: [demonstration, item('indicateurs', 'hg-densite-generalistes')],
  action: [demonstration, item('actions', 'guichet-unique-vendomois')],
  aide: [demonstration, item('aides', 'contrat-engagement-service-public')],
  contact: [demonstration, '/contact/'],
  accessibilite: [demonstration, '/accessibilite/'],
  'petit-portail': [small, '/'],
};

const telephone = { width: 360, height: 640 };
const desktop = { width: 1280, height: 800 };

async function pictures(context, name, address, scheme) {
  const page = await context.newPage();
  await page.emulateMedia({ colorScheme: scheme });
  for (const [device, size] of Object.entries({ telephone, bureau: desktop })) {
    await page.setViewportSize(size);
    await page.goto(address);
    const file = (part) => path.join(folder, `${name}-${device}-${scheme === 'light' ? 'clair' : 'sombre'}${part}.png`);
    if (device === 'telephone') await page.screenshot({ path: file('-premier-ecran') });
    await page.screenshot({ path: file(''), fullPage: true });
  }
  await page.close();
}

/** The PDF of a page; its sheets as pictures where poppler is there. Returns how many sheets. */
async function paper(context, name, address) {
  const page = await context.newPage();
  await page.goto(address);
  const pdf = path.join(folder, `${name}-papier.pdf`);
  await page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: false });
  await page.close();
  if (!spawnSync('pdftoppm', ['-v']).error) execFileSync('pdftoppm', ['-r', '80', '-png', pdf, pdf.replace(/\.pdf$/, '')]);
  return readFileSync(pdf, 'latin1').match(/\/Type\s*\/Page\b/g).length;
}

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !kinds[name]);
if (unknown.length) throw new Error(`no such page: ${unknown.join(', ')}; there are ${Object.keys(kinds).join(', ')}`);
if (!asked.length) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const chromium = await browser();
const context = await chromium.newContext({ deviceScaleFactor: 1, reducedMotion: 'reduce' });
const servers = new Map();
for (const dir of [demonstration, small]) servers.set(dir, await serve(dir));
for (const name of asked.length ? asked : Object.keys(kinds)) {
  const [dir, url] = kinds[name];
  const address = servers.get(dir).origin + url;
  for (const scheme of ['light', 'dark']) await pictures(context, name, address, scheme);
  console.log(`${name} ${url}: ${await paper(context, name, address)} A4`);
}
await chromium.close();
for (const server of servers.values()) server.close();
console.log(folder);
