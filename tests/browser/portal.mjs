// What the browser tests share: building a portal, serving it, opening pages.
import { spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

/** A copy of what a site is made of, for tests that change it; a site without a theme of its own gets the checkout's. */
export function copySite(from) {
  const dir = path.join(temporary(), 'site');
  for (const part of ['content', 'themes', 'types', 'layouts', 'lib', 'i18n', 'assets', 'routes.lua']) {
    if (existsSync(path.join(from, part))) cpSync(path.join(from, part), path.join(dir, part), { recursive: true });
  }
  if (!existsSync(path.join(dir, 'themes'))) cpSync(path.join(root, 'themes'), path.join(dir, 'themes'), { recursive: true });
  return dir;
}

/** Rewrites a file of a copied site; what is to be replaced must be there. */
export function change(file, from, to) {
  const text = readFileSync(file, 'utf8');
  const changed = text.replace(from, to);
  if (changed === text) throw new Error(`${file}: nothing to change for ${from}`);
  writeFileSync(file, changed);
}

/** The small portal; `offers`: with its three offers. */
export function smallSite(offers) {
  const small = path.join(root, 'tests/sites/petite-cc');
  const dir = copySite(small);
  if (offers) cpSync(path.join(small, 'offres-en-plus'), path.join(dir, 'content/offres'), { recursive: true });
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

/** Serves `dir` under `prefix` on the loopback (on a free port), with the headers the portal asks for, or as a host that knows nothing of them.
 *  A test may set `instead` of what is returned: (path, response) → true when it has answered, or will. */
export async function serve(dir, prefix = '', withHeaders = true, port = 0) {
  const rules = withHeaders ? headerRules(dir) : [], served = { prefix, close: () => server.close() };
  const server = createServer((request, response) => {
    let url = decodeURIComponent(new URL(request.url, 'http://x').pathname);
    if (!url.startsWith(prefix)) { response.writeHead(404).end(); return; }
    url = url.slice(prefix.length) || '/';
    if (served.instead?.(url, response)) return;
    let file = path.join(dir, url);
    if (existsSync(file) && statSync(file).isDirectory()) file = path.join(file, 'index.html');
    const found = existsSync(file) && file.startsWith(dir);
    if (!found) file = path.join(dir, '404.html');
    response.writeHead(found ? 200 : 404, { 'content-type': types[path.extname(file)] || 'application/octet-stream', ...headersFor(rules, url) });
    response.end(existsSync(file) ? readFileSync(file) : '');
  });
  await new Promise((done) => server.listen(port, '127.0.0.1', done));
  return Object.assign(served, { origin: `http://127.0.0.1:${server.address().port}` });
}

/** Every file below `dir`, relative, sorted. */
export function files(dir, below = '') {
  return readdirSync(path.join(dir, below), { withFileTypes: true })
    .flatMap((e) => (e.isDirectory() ? files(dir, path.join(below, e.name)) : [path.join(below, e.name)])).sort();
}

const isRedirect = (dir, file) => /<meta http-equiv="refresh"/.test(readFileSync(path.join(dir, file), 'utf8'));
const isPage = (file) => file.endsWith('.html') && !/^admin\//.test(file) && !file.endsWith('courriel.html');
const address = (file) => '/' + file.replace(/(^|\/)index\.html$/, '$1');

/** Addresses of the HTML pages of an output folder ("/", "/offres/", "/404.html"), without those that only send elsewhere. */
export function pages(dir) {
  return files(dir).filter((f) => isPage(f) && !isRedirect(dir, f)).map(address);
}

/** Addresses that only send elsewhere: [from, to]. */
export function redirects(dir) {
  return files(dir).filter((f) => isPage(f) && isRedirect(dir, f))
    .map((f) => [address(f), readFileSync(path.join(dir, f), 'utf8').match(/http-equiv="refresh" content="0; url=([^"]*)"/)[1]]);
}

/** The file behind an address of the portal. */
export const fileOf = (url) => (url.endsWith('/') ? url + 'index.html' : url).slice(1);

/** Chromium; `bare`: the same engine without windows, where it is installed, which needs a quarter less of the processor for the same pages. */
export async function browser(bare) {
  const shell = '/usr/bin/chromium-headless-shell';
  return chromium.launch({
    executablePath: process.env.CHROMIUM || (bare && existsSync(shell) ? shell : '/usr/bin/chromium'),
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

/** The Nu checker's messages (errors, warnings, infos) over pages of several folders ([folder, files]), in one run: a list for each folder. */
export async function nu(folders) {
  const dirs = folders.map(([dir]) => dir);
  const list = folders.flatMap(([dir, names]) => names.map((f) => path.join(dir, f)));
  const jar = path.join(here, 'node_modules/vnu-jar/build/dist/vnu.jar');
  const java = spawn('java', ['-Xss4m', '-XX:+UseSerialGC', '-jar', jar, '--format', 'json', '--exit-zero-always', '--stdout', ...list]);
  let text = '', complaint = '';
  java.stdout.setEncoding('utf8').on('data', (s) => { text += s; });
  java.stderr.setEncoding('utf8').on('data', (s) => { complaint += s; });
  const status = await new Promise((done, fail) => java.on('error', fail).on('close', done));
  if (status !== 0) throw new Error(`Nu checker: ${complaint}`);
  const messages = JSON.parse(text).messages.map((m) => `${decodeURI(m.url).replace('file:', '')}:${m.lastLine}:${m.firstColumn || 0} ${m.type}: ${m.message}`);
  return dirs.map((dir) => messages.filter((m) => m.startsWith(dir + path.sep)).map((m) => m.slice(dir.length)));
}

/** Runs `look(address, tab)` for every address, in `n` tabs at once. */
export async function everyPage(addresses, n, open, look) {
  const queue = [...addresses];
  await Promise.all(Array.from({ length: n }, async () => {
    const tab = await open();
    for (let url; (url = queue.shift()) !== undefined;) await look(url, tab);
    await tab.close();
  }));
}
