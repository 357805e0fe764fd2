// What the tests of `vitrine serve` share: a copy of a site, a running server, requests as bytes.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const vitrine = path.resolve(process.env.VITRINE || path.join(root, 'build/vitrine'));

const made = [], running = new Set();
/** For after(): a server that a failed test has left behind would keep the process, which waits for it. */
export function endAll() {
  for (const child of running) child.kill('SIGKILL');
}
process.on('exit', () => {
  endAll();
  for (const dir of made) rmSync(dir, { recursive: true, force: true });
});

export function temporary() {
  const dir = mkdtempSync(path.join(tmpdir(), 'vitrine-serve-'));
  made.push(dir);
  return dir;
}

/** A copy of a site to write in, with the checkout's theme beside it. */
export function copySite(from) {
  const dir = path.join(temporary(), 'site');
  for (const part of ['content', 'themes', 'layouts', 'assets']) {
    if (existsSync(path.join(from, part))) cpSync(path.join(from, part), path.join(dir, part), { recursive: true });
  }
  if (!existsSync(path.join(dir, 'themes'))) cpSync(path.join(root, 'themes'), path.join(dir, 'themes'), { recursive: true });
  return dir;
}

/** Starts `vitrine serve` and waits for its address. { port, child, said(), told(), stop() → exit status } */
export async function serve(dir, ...options) {
  const child = spawn(vitrine, ['serve', '-C', dir, '--port', '0', ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  running.add(child);
  let out = '', err = '';
  child.stdout.on('data', (d) => { out += d; });
  child.stderr.on('data', (d) => { err += d; });
  const ended = new Promise((done) => child.on('exit', (code, signal) => { running.delete(child); done(signal || code); }));
  const agent = new http.Agent({ keepAlive: true, maxSockets: 8 });
  const server = {
    child, agent, ended, said: () => err, told: () => out,
    stop: async (signal = 'SIGINT') => { agent.destroy(); child.kill(signal); return ended; },
  };
  const address = await until(() => out.match(/http:\/\/localhost:(\d+)(\S*)/) || (child.exitCode !== null && ['', '0', '']), 60000);
  server.port = Number(address[1]);
  server.base = address[2];
  return server;
}

/** One request → { status, headers, body (Buffer), text }. `raw` is sent as it is. */
export function get(server, raw, { method = 'GET', headers = {}, host = '127.0.0.1', body } = {}) {
  return new Promise((done, fail) => {
    const request = http.request({ host, port: server.port, path: raw, method, headers, agent: server.agent }, (answer) => {
      const parts = [];
      answer.on('data', (d) => parts.push(d));
      answer.on('end', () => {
        const bytes = Buffer.concat(parts);
        done({ status: answer.statusCode, headers: answer.headers, body: bytes, text: bytes.toString() });
      });
    });
    request.on('error', fail);
    request.end(body);
  });
}

/** Bytes to the server and all that comes back, for what no client would send. */
export function talk(server, text) {
  return new Promise((done, fail) => {
    const socket = net.connect(server.port, '127.0.0.1', () => socket.write(text));
    let got = '';
    socket.on('data', (d) => { got += d.toString('latin1'); });
    socket.on('end', () => done(got));
    socket.on('error', fail);
    socket.setTimeout(5000, () => { socket.destroy(); done(got); });
  });
}

/** A tab: the messages it has heard; next() waits for one more than before. */
export function tab(server) {
  const messages = [];
  let text = '', read = 0;
  const t = { messages, beats: 0 };
  t.ready = new Promise((ready, fail) => {
    t.request = http.get({ host: '127.0.0.1', port: server.port, path: '/.vitrine/live', agent: false }, (answer) => {
      ready(answer);
      t.answer = answer;
      answer.on('error', () => {});
      answer.on('data', (d) => {
        text += d;
        for (let at; (at = text.indexOf('\n\n')) >= 0; text = text.slice(at + 2)) {
          const data = text.slice(0, at).split('\n').find((l) => l.startsWith('data: '));
          if (data) messages.push(JSON.parse(data.slice(6)));
          else t.beats++;
        }
      });
      answer.on('close', () => { t.closed = true; });
    });
    t.request.on('error', fail);
  });
  t.next = async () => {
    await until(() => messages.length > read, 30000);
    return messages[read++];
  };
  t.close = () => t.request.destroy();
  return t;
}

/** Waits until f() is true, and gives what it gave. */
export async function until(f, milliseconds = 30000) {
  for (const end = Date.now() + milliseconds; ;) {
    const value = await f();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${milliseconds} ms for ${f}`);
    await new Promise((go) => setTimeout(go, 10));
  }
}

export const script = /<script src="\/\.vitrine\/live\.js\?[0-9a-f]{16}"><\/script>/;

/** The files below a folder, by their path in it. */
export function files(dir, below = '') {
  return readdirSync(path.join(dir, below), { withFileTypes: true }).flatMap((e) =>
    e.isDirectory() ? files(dir, path.join(below, e.name)) : [path.join(below, e.name)]);
}

/** The site built into a folder of its own. */
export function build(dir, ...options) {
  const out = path.join(temporary(), 'public');
  const run = spawnSync(vitrine, ['build', '-C', dir, '-o', out, '--no-sync', '--quiet', ...options], { encoding: 'utf8' });
  assert.equal(run.status, 0, run.stderr);
  return out;
}

/** Every published file but those for other servers, asked for by its address. */
export async function sameAsBuilt(server, out, base = '') {
  const names = files(out).filter((n) => !['_headers', '_redirects', '.htaccess', 'nginx.conf', '.vitrine-publie'].includes(n));
  let compared = 0, moved = 0;
  const one = async (name) => {
    const url = base + '/' + name.replace(/(^|\/)index\.html$/, '$1');
    const answer = await get(server, encodeURI(url));
    const built = readFileSync(path.join(out, name));
    if (answer.status === 301) {
      assert.match(built.toString(), /http-equiv="refresh"/, name);
      moved++;
      return;
    }
    assert.equal(answer.status, 200, name);
    const mail = /courriel\.html$/.test(name);
    const bytes = name.endsWith('.html') && !mail ? Buffer.from(answer.body.toString('latin1').replace(script, ''), 'latin1') : answer.body;
    if (name.endsWith('.html') && !mail) assert.equal(answer.body.length - bytes.length, 58, `${name}: one script`);
    assert.ok(bytes.equals(built), `${name} differs from the one built`);
    compared++;
  };
  for (let i = 0; i < names.length; i += 16) await Promise.all(names.slice(i, i + 16).map(one));
  return { compared, moved };
}
