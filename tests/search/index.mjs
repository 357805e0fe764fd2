// What the tests of the search share: a built site's index, opened by the portal's engine as a browser does, without one.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const vitrine = path.resolve(process.env.VITRINE || path.join(root, 'build/vitrine'));

const made = [];
process.on('exit', () => { for (const dir of made) rmSync(dir, { recursive: true, force: true }); });
export function temporary() {
  const dir = mkdtempSync(path.join(tmpdir(), 'vitrine-recherche-'));
  made.push(dir);
  return dir;
}

/** Builds a site; returns the output folder. */
export function build(site, ...options) {
  const out = path.join(temporary(), 'public');
  const run = spawnSync(vitrine, ['build', '-C', site, '-o', out, '--no-sync', '--quiet', ...options], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(`vitrine build ${options.join(' ')}: exit ${run.status}\n${run.stderr}`);
  return out;
}

/** A site of n items of tests/bench/gen.sh, with the checkout's themes. */
export function generated(n) {
  const dir = path.join(temporary(), 'site');
  mkdirSync(dir);
  const run = spawnSync('sh', [path.join(root, 'tests/bench/gen.sh'), n, dir], { encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  symlinkSync(path.join(root, 'themes'), path.join(dir, 'themes'));
  return dir;
}

/** A copy of the demonstration that a test may change. */
export function copied() {
  const dir = path.join(temporary(), 'site');
  for (const part of ['content', 'assets', 'themes']) cpSync(path.join(root, part), path.join(dir, part), { recursive: true });
  return dir;
}

export const files = (dir, at = '') => readdirSync(path.join(dir, at), { withFileTypes: true })
  .flatMap((e) => (e.isDirectory() ? files(dir, path.join(at, e.name)) : [path.join(at, e.name)]));

/** Every file of the index: name → what it holds. */
export const parts = (out) => new Map(files(path.join(out, 'assets/recherche')).map((f) => [f, gunzipSync(readFileSync(path.join(out, 'assets/recherche', f)))]));

/** The JSON of the main file. */
export function header(out, language = 'fr') {
  const b = [...parts(out)].find(([name]) => name.startsWith(`${language}.`))[1];
  return JSON.parse(b.subarray(4, 4 + b.readUInt32LE(0)).toString());
}

const served = new Map();
export const asked = [];          // paths fetched, in their order, with their bytes
globalThis.fetch = async (url) => {
  const { host, pathname } = new URL(url), file = path.join(served.get(host), pathname);
  try {
    asked.push({ pathname, bytes: statSync(file).size });
    return new Response(readFileSync(file));
  } catch {
    return new Response('', { status: 404 });
  }
};

// Debian 12's Node.js takes a file .js for a script, whatever is in it; a data: address says what it is.
const source = readFileSync(path.join(root, 'themes/portail/assets/moteur.js'));
const engine = await import(`data:text/javascript;base64,${source.toString('base64')}`);
export const { mots, plier, marquer } = engine;

/** The engine over the index of a built site. */
export async function open(out, language = 'fr') {
  const host = `site${served.size}.exemple.fr`;
  served.set(host, out);
  const main = readdirSync(path.join(out, 'assets/recherche')).find((f) => f.startsWith(`${language}.`));
  return engine.ouvrir(`https://${host}/assets/recherche/${main}`);
}

/** Addresses of the first `n` results. */
export async function addresses(ix, question, n = 10) {
  const r = await ix.chercher({ ...(typeof question === 'string' ? { texte: question } : question), limite: n });
  return (await ix.cartes(r.resultats)).map((c) => c.url);
}
