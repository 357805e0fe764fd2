// From a save to the new bytes at the client of `vitrine serve`, for each kind of file: what an author waits.
// usage: node tests/bench/serve.mjs [SIZE [EDITS]]   (10000, 100; VITRINE = the program)
// SIZE is a number of pages, which is what the budget speaks of: the site gets as many items as make them. "10000items" is one of items,
// whatever pages they make.
import { spawnSync } from 'node:child_process';
import { appendFileSync, cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { get, root, serve, temporary } from '../serve/server.mjs';

const [, size, unit] = (process.argv[2] || '10000').match(/^(\d+)(items)?$/) || [], wanted = Number(size), edits = Number(process.argv[3] || 100);
if (!wanted) throw new Error('usage: node tests/bench/serve.mjs [PAGES | ITEMSitems [EDITS]]');
const dir = path.join(temporary(), 'site'), theme = path.join(dir, 'themes/portail');

/** A site of so many items, served: { server, pages } */
async function begin(items) {
  rmSync(dir, { recursive: true, force: true });
  spawnSync('sh', [path.join(root, 'tests/bench/gen.sh'), String(items), dir], { stdio: 'inherit' });
  cpSync(path.join(root, 'themes'), path.join(dir, 'themes'), { recursive: true });
    const server = await serve(dir);
  return { server, pages: Number(server.told().match(/(\d+) pages/)[1]) };
}

let items = unit ? wanted : Math.round(wanted * 0.75);
let { server, pages } = await begin(items);
for (let turn = 0; !unit && Math.abs(pages - wanted) > wanted / 1000 && turn < 5; turn++) {
  await server.stop();
  items = Math.round(items * wanted / pages);
  ({ server, pages } = await begin(items));
}

const offer = path.join(dir, 'content/offres/offre-0.md');
const text = readFileSync(offer, 'utf8');
const layout = path.join(theme, 'layouts/offre.html'), layoutText = readFileSync(layout, 'utf8');
const module = path.join(theme, 'lib/offres.lua'), moduleText = readFileSync(module, 'utf8');
const type = path.join(theme, 'types/offre.yaml'), typeText = readFileSync(type, 'utf8');
const strings = path.join(theme, 'i18n/fr.yaml'), stringsText = readFileSync(strings, 'utf8');

// Each writes a file so that the page of the offer, or the stylesheet it names, holds the mark.
const page = '/offres/offre-0/';
const kinds = {
  title: { save: (mark) => writeFileSync(offer, text.replace(/^titre: .*/m, `titre: Offre ${mark}`)) },
  // What nothing is kept for: of a date, states, lists and indexes are made.
  date: { save: (mark) => writeFileSync(offer, text.replace(/^publie_le: .*/m, `publie_le: 2026-0${1 + (Number(mark.slice(6)) % 8)}-10`)), unseen: true },
  text: { save: (mark) => writeFileSync(offer, `${text}\nUne phrase de plus : ${mark}.\n`) },
  layout: { save: (mark) => writeFileSync(layout, layoutText.replace('<h1', `<h1 data-essai="${mark}"`)), needs: () => layoutText.includes('<h1') },
  module: { save: (mark) => writeFileSync(module, `${moduleText}\n-- ${mark}\n`), unseen: true },
  strings: { save: (mark) => writeFileSync(strings, stringsText.replace(/^contact: .*/m, `contact: Contact ${mark}`)) },
  style: { save: (mark) => appendFileSync(path.join(theme, 'assets/style.css'), `\n.x${mark} { color: red }\n`), unseen: true },
  type: { save: (mark) => writeFileSync(type, `${typeText}\n# ${mark}\n`), unseen: true },
};

process.stdout.write(server.told());
await get(server, page);
// Processor time of the server, which says more than the clock on a machine that others use.
const ticks = () => readFileSync(`/proc/${server.child.pid}/stat`, 'utf8').split(') ')[1].split(' ').slice(11, 13).reduce((a, b) => a + Number(b), 0);
const at = (list, share) => list.sort((a, b) => a - b)[Math.min(list.length - 1, Math.ceil(list.length * share) - 1)];
console.log(`${items} items, ${pages} pages, ${edits} edits of each kind; milliseconds from the save to the last byte of the page`);
for (const [name, kind] of Object.entries(kinds)) {
  if (kind.needs && !kind.needs()) continue;
  const times = [], loads = [], busy = ticks();
  for (let i = 0; i < edits; i++) {
    const mark = `essai${name.length}${i}`;
    const before = server.told().length;
    kind.save(mark);
    const start = process.hrtime.bigint();
    const answer = await get(server, page);
    times.push(Number(process.hrtime.bigint() - start) / 1e6);
    if (answer.status !== 200) throw new Error(`${name}: ${answer.text}`);
    if (!kind.unseen && !answer.text.includes(mark)) throw new Error(`${name}: the page is not the new one`);
    if (server.told().length === before) throw new Error(`${name}: the site was not loaded again`);
    loads.push(Number(server.told().slice(before).match(/en ([\d,]+) s/)[1].replace(',', '.')) * 1000);
  }
  console.log(`${name.padEnd(14)} p50 ${at(times, 0.5).toFixed(0).padStart(5)}   p95 ${at(times, 0.95).toFixed(0).padStart(5)}   (loading: p50 ${at(loads, 0.5).toFixed(0)}; processor ${((ticks() - busy) * 10 / edits).toFixed(0)} a save)`);
}
const status = readFileSync(`/proc/${server.child.pid}/status`, 'utf8');
console.log(status.match(/VmRSS:.*/)[0].replace(/\s+/, ' '), status.match(/VmHWM:.*/)[0].replace(/\s+/, ' '));
await server.stop();
