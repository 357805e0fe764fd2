// A long session: EDITS saves of all kinds while CLIENTS ask for pages and listen. At the end the server holds no more memory than 110 % of
// what it held after the first 100 saves, no more descriptors, and gives what a build writes.
// usage: node tests/serve/soak.mjs [EDITS [CLIENTS [SECONDS]]]   (300, 50, 60: after so many seconds it ends, once it can compare; VITRINE = the program)
import { appendFileSync, readFileSync, readdirSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { copySite, get, root, script, serve, tab, temporary, vitrine } from './server.mjs';

const edits = Number(process.argv[2] || 300), clients = Number(process.argv[3] || 50), seconds = Number(process.argv[4] || 60);
const SETTLED = 100;                 // saves after which memory is what it is
const dir = copySite(path.join(root, 'tests/sites/petite-cc'));
const file = (name) => path.join(dir, name);
const read = (name) => readFileSync(file(name), 'utf8');
const item = 'content/etablissements/msp-belmont.md', other = 'content/etablissements/pharmacie-belmont.md', theme = 'themes/portail/';
const first = Object.fromEntries([item, other, theme + 'layouts/etablissement.html', theme + 'lib/lieux.lua', theme + 'types/etablissement.yaml', theme + 'assets/style.css']
  .map((name) => [name, read(name)]));
const missing = '/nulle-part/';      // all others stand, whatever is saved
const pages = ['/', '/etablissements/', '/etablissements/msp-belmont/', '/etablissements/pharmacie-belmont/', '/stages/', '/contact/', '/plan-du-site/', missing, '/sitemap.xml'];

// One save; every eighth is a mistake, mended by the one after.
const saves = [
  (i) => writeFileSync(file(item), first[item].replace(/^titre: .*/m, `titre: Maison ${i}`)),
  (i) => writeFileSync(file(other), `${first[other]}\nMot ${i}.\n`),
  (i) => appendFileSync(file(theme + 'assets/style.css'), i % 50 ? `\n/* ${i} */\n` : ''),
  (i) => writeFileSync(file(theme + 'layouts/etablissement.html'), `${first[theme + 'layouts/etablissement.html']}{# ${i} #}\n`),
  (i) => writeFileSync(file(theme + 'lib/lieux.lua'), `${first[theme + 'lib/lieux.lua']}\n-- ${i}\n`),
  (i) => writeFileSync(file(theme + 'types/etablissement.yaml'), `${first[theme + 'types/etablissement.yaml']}\n# ${i}\n`),
  (i) => { writeFileSync(file(`${item}.nouveau`), first[item].replace(/^titre: .*/m, `titre: Maison ${i}`)); renameSync(file(`${item}.nouveau`), file(item)); },
  () => writeFileSync(file(item), first[item].replace(/^categorie: .*/m, 'categorie: mspp')),
];

const server = await serve(dir), proc = `/proc/${server.child.pid}`;
server.agent.maxSockets = clients;
const memory = () => Number(readFileSync(`${proc}/status`, 'utf8').match(/VmRSS:\s+(\d+)/)[1]);
const descriptors = () => readdirSync(`${proc}/fd`).length;
const pause = (ms) => new Promise((go) => setTimeout(go, ms));
const tabs = Array.from({ length: clients }, () => tab(server));
await Promise.all(tabs.map((t) => t.next()));

const end = Date.now() + seconds * 1000, seen = {}, unexpected = {};
let over = false, asked = 0, failure = '';
const visitors = Array.from({ length: clients }, async (_, n) => {
  for (let i = n; !over; i++) {
    const page = pages[i % pages.length], answer = await get(server, page, { method: i % 7 ? 'GET' : 'HEAD' });
    seen[answer.status] = (seen[answer.status] || 0) + 1;
    if (answer.status !== (page === missing ? 404 : 200)) unexpected[`${page} ${answer.status}`] = (unexpected[`${page} ${answer.status}`] || 0) + 1;
    asked++;
    await pause(20 + (n * 7) % 60);
  }
});
/** The most it holds over a dozen saves: one look would be luck. */
const settledMemory = async (from) => {
  let most = 0;
  for (let i = from; i < from + 16; i++) { saves[i % saves.length](i); await get(server, '/'); most = Math.max(most, memory()); }
  return most;
};
let made = 0, early = 0, open = 0;
for (; made < edits && (Date.now() < end || made < SETTLED + 24); made++) {
  saves[made % saves.length](made);
  await get(server, '/');
  if (made === SETTLED) { early = await settledMemory(made); open = descriptors(); }
}
writeFileSync(file(item), first[item]);
over = true;
await Promise.all(visitors);
if (!early) failure = `${edits} saves are too few`;
const late = await settledMemory(made);
writeFileSync(file(item), first[item]);
await get(server, '/');
const now = descriptors();
for (const name of Object.keys(first)) writeFileSync(file(name), first[name]);
const out = path.join(temporary(), 'public');
const build = spawnSync(vitrine, ['build', '-C', dir, '-o', out, '--no-sync', '--quiet'], { encoding: 'utf8' });
if (build.status !== 0) failure = build.stderr;
else for (const page of pages.filter((p) => p.endsWith('/') && p !== missing))
  if ((await get(server, page)).text.replace(script, '') !== readFileSync(path.join(out, page, 'index.html'), 'utf8')) failure = `${page} is not the one built`;
for (const t of tabs) if (t.closed) failure = 'a tab was closed'; else t.close();
if (!failure && late > early * 1.1) failure = `memory ${early} kB after ${SETTLED} saves, ${late} kB after ${made}`;
if (!failure && now > open + 8) failure = `${open} descriptors after ${SETTLED} saves, ${now} after ${made}`;
if (!failure && (Object.keys(unexpected).length || !seen[200] || !seen[404])) failure = `answers ${JSON.stringify(seen)}, unexpected ${JSON.stringify(unexpected)}`;
const status = await server.stop();
if (status !== 0) failure = `ended with ${status}: ${server.said()}`;
console.log(`# ${made} saves, ${clients} clients, ${asked} answers ${JSON.stringify(seen)}, memory ${early} → ${late} kB, descriptors ${open} → ${now}`);
console.log(failure ? `not ok soak of serve: ${failure}` : 'ok soak of serve');
process.exitCode = failure ? 1 : 0;
