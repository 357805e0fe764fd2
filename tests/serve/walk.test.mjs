// A walk of saves by chance through the demonstration, in two languages: whatever `vitrine serve` keeps from one to the next, all pages are those
// of a build. WALK=SEED,TURNS takes another walk, as long as wanted.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test } from 'node:test';
import { build, copySite, endAll, files, get, root, sameAsBuilt, serve } from './server.mjs';

const [start, turns] = (process.env.WALK || '20261123,5').split(',').map(Number);
let seed = start;
const chance = (n) => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return (seed >> 8) % n;
};

after(endAll);

const put = (lines, at, line) => lines.map((l, i) => (i === at ? line : l));

/** Each changes one line of front matter, or the order of lines. */
const changes = [
  (lines) => lines.map((l) => l.replace(/^titre: "?/, (m) => `${m}${'ABCMXZ'[chance(6)]} `)),
  (lines) => lines.map((l) => l.replace(/^(titre: .*?)("?)$/, '$1 bis$2')),
  (lines) => lines.map((l) => l.replace(/^(resume: .*?)("?)$/, '$1 Et plus.$2')),
  (lines, i) => put(lines, i, /^\w+: [^[{]/.test(lines[i]) ? lines[i].replace(/"?$/, (m) => `z${m}`) : lines[i]),
  (lines, i) => put(lines, i, lines[i].replace(/(\d{4}-\d\d-)\d\d/, (m, month) => `${month}${10 + chance(19)}`)),
  (lines, i) => put(lines, i, lines[i].replace(/\d+/, (m) => Number(m) + 1)),
  (lines, i) => [...lines.slice(0, i), '# un mot', ...lines.slice(i)],
  (lines, i) => (/^\w/.test(lines[i]) && /^\w/.test(lines[i + 1] || 'a') && /^\w/.test(lines[0]) ? [lines[i], ...lines.filter((_, k) => k !== i)] : lines),
];

function change(text) {
  const end = text.indexOf('\n---', 4), lines = text.slice(4, end).split('\n');
  return `---\n${changes[chance(changes.length)](lines, chance(lines.length)).join('\n')}${text.slice(end)}${chance(3) ? '' : '\nUne phrase de plus.\n'}`;
}

test(`a walk of ${turns} turns from ${start}`, async () => {
  const dir = copySite(root), at = (name) => path.join(dir, name), read = (name) => readFileSync(at(name), 'utf8');
  const items = files(at('content')).filter((name) => name.endsWith('.md')).map((name) => `content/${name}`);
  writeFileSync(at('content/site.yaml'), read('content/site.yaml').replace('langues: [fr]', 'langues: [fr, en]'));
  for (const name of Array.from({ length: 20 }, () => items[chance(items.length)])) {
    const translation = name.replace(/\.md$/, '.en.md');
    if (!existsSync(at(translation))) items.push(translation);
    writeFileSync(at(translation), `---\n${read(name).match(/^titre: .*/m)[0]}\n---\nIn English.\n`);
  }
  const first = Object.fromEntries(items.map((name) => [name, read(name)])), server = await serve(dir);

  for (let turn = 0; turn < turns; turn++) {
    const done = [];
    for (let n = 1 + chance(4); n; n--) {
      const name = items[chance(items.length)], before = read(name), told = server.told().length;
      const now = chance(6) ? change(before) : first[name];
      done.push(name);
      writeFileSync(at(name), now);
      await get(server, '/');
      if (!server.told().slice(told).includes('le site montré reste')) continue;
      writeFileSync(at(name), before);
      await get(server, '/');
    }
    const out = build(dir);
    await sameAsBuilt(server, out).catch((e) => { throw new Error(`turn ${turn}, after ${done.join(', ')}`, { cause: e }); });
    rmSync(path.dirname(out), { recursive: true });
  }
  assert.equal(await server.stop(), 0);
});
