// What Lighthouse says of five pages of a portal that is online, on a telephone and on a desktop: its floors are an exit status.
// usage: node tests/browser/lighthouse.mjs     LIGHTHOUSE_RUNS (5): the median of so many counts; LIGHTHOUSE_DEVICES ("mobile desktop"): on which
import { createServer } from 'node:http';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright-core';
import { build, change, copySite, files, root } from './portal.mjs';

// Two hundred packages that only this needs: apart from what the suite installs.
const installed = '../lighthouse/node_modules/lighthouse/core/';
const { default: lighthouse } = await import(new URL(installed + 'index.js', import.meta.url));
const { default: desktop } = await import(new URL(installed + 'config/desktop-config.js', import.meta.url));

const floors = { performance: 95, accessibility: 100, 'best-practices': 100, seo: 100 };
const runs = Number(process.env.LIGHTHOUSE_RUNS || 5);
const devices = (process.env.LIGHTHOUSE_DEVICES || 'mobile desktop').split(' ');
if (!(runs >= 1) || devices.some((d) => !['mobile', 'desktop'].includes(d))) throw new Error('LIGHTHOUSE_RUNS: a number; LIGHTHOUSE_DEVICES: mobile, desktop or both');
const site = copySite(root);
change(path.join(site, 'content/site.yaml'), /^en_ligne: non$/m, 'en_ligne: oui');
const out = build(site);
const first = (section) => '/' + files(out).find((f) => new RegExp(`^${section}/[^/]+/index\\.html$`).test(f)).replace('index.html', '');
const looked = { accueil: '/', liste: '/stages/', stage: first('stages'), offre: first('offres'), territoire: first('territoires') };

// A host as they are: compressed, cached, nothing else.
const types = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml', '.xml': 'application/xml', '.txt': 'text/plain; charset=utf-8' };
const server = createServer((request, response) => {
  let file = path.join(out, decodeURIComponent(new URL(request.url, 'http://x').pathname));
  if (existsSync(file) && statSync(file).isDirectory()) file = path.join(file, 'index.html');
  if (!existsSync(file)) { response.writeHead(404).end(); return; }
  const type = types[path.extname(file)];
  const body = readFileSync(file);
  response.writeHead(200, { 'content-type': type || 'application/octet-stream', 'cache-control': 'max-age=31536000', ...(type ? { 'content-encoding': 'gzip' } : {}) });
  response.end(type ? gzipSync(body) : body);
});
await new Promise((done) => server.listen(0, '127.0.0.1', done));
const origin = `http://127.0.0.1:${server.address().port}`;

const port = 9300 + (process.pid % 600);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', `--remote-debugging-port=${port}`] });
const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
let low = 0;
for (const device of devices) {
  for (const [name, url] of Object.entries(looked)) {
    const results = [];
    for (let i = 0; i < runs; i++) {
      const { lhr } = await lighthouse(origin + url, { port, onlyCategories: Object.keys(floors), logLevel: 'silent' }, device === 'desktop' ? desktop : undefined);
      results.push(lhr);
    }
    const all = Object.fromEntries(Object.keys(floors).map((c) => [c, results.map((r) => Math.round(100 * (r.categories[c].score ?? 0)))]));
    console.log(`${device} ${name} ${url}: ${Object.entries(all).map(([c, list]) => `${c} ${median(list)}${list.some((n) => n !== list[0]) ? ` (${list.join(' ')})` : ''}`).join(', ')}`);
    for (const [category, list] of Object.entries(all)) {
      if (median(list) >= floors[category]) continue;
      low++;
      const worst = results[list.indexOf(Math.min(...list))];
      for (const ref of worst.categories[category].auditRefs) {
        const audit = worst.audits[ref.id];
        if (ref.weight && audit.score !== null && audit.score < 1) console.log(`  ${category}: ${audit.id} ${audit.displayValue || ''} ${JSON.stringify(audit.details?.items?.slice(0, 3) ?? []).slice(0, 400)}`);
      }
    }
  }
}
await browser.close();
server.close();
if (low) { console.log(`${low} scores below their floor`); process.exitCode = 1; }
