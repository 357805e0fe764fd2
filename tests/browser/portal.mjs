// What the browser tests share: building a portal, serving it, opening pages.
import { execFileSync, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const vitrine = path.resolve(process.env.VITRINE || path.join(root, 'build/vitrine'));
export const here = path.dirname(fileURLToPath(import.meta.url));

const made = [];
process.on('exit', () => { for (const dir of made) rmSync(dir, { recursive: true, force: true }); });

/** A folder that goes away with the process. */
export function temporary() {
  const dir = mkdtempSync(path.join(tmpdir(), 'vitrine-'));
  made.push(dir);
  return dir;
}

/** A copy of a site root, for tests that change it. */
export function copySite(from) {
  const dir = path.join(temporary(), 'site');
  cpSync(from, dir, { recursive: true, filter: (p) => !/\/(\.git|build|public|node_modules|\.vitrine|generator|tests)(\/|$)/.test(p.slice(from.length)) });
  return dir;
}

/** Builds `site` with more options; returns the output folder. */
export function build(site, ...options) {
  const out = path.join(temporary(), 'public');
  const run = spawnSync(vitrine, ['build', '-C', site, '-o', out, '--no-sync', ...options], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`vitrine build ${options.join(' ')}: exit ${run.status}\n${run.stderr}`);
  return out;
}

const types = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.svg': 'image/svg+xml',
  '.json': 'application/json', '.geojson': 'application/geo+json', '.xml': 'application/xml; charset=utf-8', '.ics': 'text/calendar; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8', '.csv': 'text/csv; charset=utf-8', '.png': 'image/png', '.jpg': 'image/jpeg', '.webp': 'image/webp',
  '.webmanifest': 'application/manifest+json', '.woff2': 'font/woff2',
};

/** The rules of the published _headers file: [[pattern, {name: value}]]. */
function headerRules(dir) {
  const file = path.join(dir, '_headers');
  const rules = [];
  if (!existsSync(file)) return rules;
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    if (/^\s*(#|$)/.test(line)) continue;
    if (!/^\s/.test(line)) rules.push([line.trim(), {}]);
    else {
      const [, name, value] = line.match(/^\s+([^:]+):\s*(.*)$/);
      rules[rules.length - 1][1][name.toLowerCase()] = value;
    }
  }
  return rules;
}

function headersFor(rules, url) {
  const headers = {};
  for (const [pattern, values] of rules) {
    const regexp = new RegExp('^' + pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*') + '$');
    if (regexp.test(url)) Object.assign(headers, values);
  }
  delete headers['strict-transport-security'];
  return headers;
}

/** Serves `dir` under `prefix` on the loopback, with the headers the portal asks for. */
export async function serve(dir, prefix = '') {
  const rules = headerRules(dir);
  const server = createServer((request, response) => {
    let url = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    if (!url.startsWith(prefix)) { response.writeHead(404).end(); return; }
    url = url.slice(prefix.length) || '/';
    let file = path.join(dir, url);
    if (existsSync(file) && statSync(file).isDirectory()) file = path.join(file, 'index.html');
    const found = existsSync(file) && file.startsWith(dir);
    if (!found) file = path.join(dir, '404.html');
    response.writeHead(found ? 200 : 404, { 'content-type': types[path.extname(file)] || 'application/octet-stream', ...headersFor(rules, url) });
    response.end(existsSync(file) ? readFileSync(file) : '');
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { origin: `http://127.0.0.1:${server.address().port}`, prefix, close: () => server.close() };
}

/** Every file below `dir`, relative, sorted. */
export function files(dir, below = '') {
  return readdirSync(path.join(dir, below), { withFileTypes: true })
    .flatMap((e) => (e.isDirectory() ? files(dir, path.join(below, e.name)) : [path.join(below, e.name)])).sort();
}

/** Addresses of the HTML pages of an output folder ("/", "/offres/", "/404.html"). */
export function pages(dir) {
  return files(dir).filter((f) => f.endsWith('.html') && !/^(admin\/|embed\/)/.test(f) && !f.endsWith('courriel.html'))
    .map((f) => '/' + f.replace(/(^|\/)index\.html$/, '$1'));
}

export async function browser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** A page that records what must not happen: console messages, errors, requests to another origin. */
export async function watched(context, origin) {
  const page = await context.newPage();
  const faults = [];
  page.on('console', (m) => faults.push(`console ${m.type()}: ${m.text()} (${page.url()})`));
  page.on('pageerror', (e) => faults.push(`error: ${e.message} (${page.url()})`));
  page.on('request', (r) => { if (!r.url().startsWith(origin) && !r.url().startsWith('data:')) faults.push(`foreign request: ${r.url()}`); });
  return { page, faults };
}

/** The Nu checker's messages over every page of a folder. */
export function nu(dir) {
  const list = files(dir).filter((f) => f.endsWith('.html') && !/^admin\//.test(f) && !f.endsWith('courriel.html')).map((f) => path.join(dir, f));
  const jar = path.join(here, 'node_modules/vnu-jar/build/dist/vnu.jar');
  const run = spawnSync('java', ['-Xss4m', '-jar', jar, '--format', 'json', '--exit-zero-always', '--stdout', ...list], { encoding: 'utf8', maxBuffer: 1 << 28 });
  if (run.status !== 0) throw new Error(`Nu checker: ${run.stderr}`);
  return JSON.parse(run.stdout).messages.map((m) => `${m.url.replace('file:' + dir, '')}:${m.lastLine}:${m.firstColumn || 0} ${m.type}: ${m.message}`);
}

export { execFileSync };
