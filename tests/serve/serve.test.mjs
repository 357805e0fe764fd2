// `vitrine serve`: what it gives is what `build` writes, whatever happens to the files behind it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { build, copySite, endAll, files, get, root, sameAsBuilt, script, serve, tab, talk, temporary, until, vitrine } from './server.mjs';

after(endAll);

const petite = path.join(root, 'tests/sites/petite-cc');
const small = copySite(petite);      // only read

test('every page of the demonstration is the one built, but for one script', async () => {
  const options = ['--date', '2026-10-01', '--base-url', 'https://essai.exemple.fr/sous/chemin'];
  const out = build(root, ...options);
  const server = await serve(root, ...options);
  assert.equal(server.base, '/sous/chemin/');
  const { compared, moved } = await sameAsBuilt(server, out, '/sous/chemin');
  assert.ok(compared > 800, `${compared} files compared`);
  assert.ok(moved > 0, 'former addresses lead on');
  const root_ = await get(server, '/');
  assert.deepEqual([root_.status, root_.headers.location], [302, '/sous/chemin/']);
  const missing = await get(server, '/sous/chemin/nulle-part/');
  assert.equal(missing.status, 404);
  assert.equal(missing.text.replace(script, ''), readFileSync(path.join(out, '404.html'), 'utf8'));
  assert.equal(await server.stop(), 0);
});

// Wave 1 is drawn while routes.lua runs: what asks for more than is known then is drawn again.
test('generated resources are the ones built, whatever they ask for', async () => {
  const dir = copySite(petite), write = (name, text) => { mkdirSync(path.dirname(path.join(dir, name)), { recursive: true }); writeFileSync(path.join(dir, name), text); };
  const asks = {
    rien: '{{ site.titre }}', page: '{{ page.url }}', dessus: '{% for p in page.chemin %}{{ p.url }} {% end %}', parametre: '{{ params.mot }}', adresse: '{{ url("/stages/") }}',
    existe: '{% if page_existe("/stages/") %}oui{% else %}non{% end %}', fichier: '{{ asset("style.css") }}', texte: '{% for e in site:tous("etablissement") %}{{ e.corps }}{% end %}',
  };
  const route = (name, wave) => `route{url = "/assets/essai-${name}.txt", layout = "essai-${name}.html", vague = ${wave}, params = {mot = "mot ${name}"}}\n`;
  const check = async (names) => {
    write('routes.lua', names.map((name) => route(name, 1)).join(''));
    const out = build(dir), server = await serve(dir), made = files(path.join(out, 'assets')).filter((n) => n.startsWith('essai-'));
    assert.equal(made.length, names.length);
    for (const name of made) assert.equal((await get(server, `/assets/${name}`)).text, readFileSync(path.join(out, 'assets', name), 'utf8'), name);
    assert.equal((await get(server, '/')).text.replace(script, ''), readFileSync(path.join(out, 'index.html'), 'utf8'));
    assert.equal(await server.stop(), 0);
  };
  for (const name in asks) write(`layouts/essai-${name}.html`, asks[name]);
  for (const name in asks) await check([name]);
  await check(Object.keys(asks));
});

describe('requests', () => {
  let server, out;
  before(async () => {
    out = build(small);
    server = await serve(small);
  });
  after(() => server.stop());

  test('kinds, tags, lengths', async () => {
    const page = await get(server, '/');
    assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
    assert.match(page.headers.etag, /^"[0-9a-f]{16}"$/);
    const head = await get(server, '/', { method: 'HEAD' });
    assert.deepEqual([head.status, head.headers['content-length'], head.body.length], [200, String(page.body.length), 0]);
    const again = await get(server, '/', { headers: { 'If-None-Match': page.headers.etag } });
    assert.deepEqual([again.status, again.body.length, again.headers.etag], [304, 0, page.headers.etag]);
    for (const [name, kind] of [['/sitemap.xml', 'application/xml'], ['/flux.xml', 'application/xml'], ['/agenda.ics', 'text/calendar; charset=utf-8'],
      ['/donnees/stages.csv', 'text/csv; charset=utf-8'], ['/donnees/stages.json', 'application/json'], ['/robots.txt', 'text/plain; charset=utf-8'],
      ['/.well-known/security.txt', 'text/plain; charset=utf-8']]) {
      const answer = await get(server, name);
      if (answer.status === 404 && !files(out).includes(name.slice(1))) continue;
      assert.equal(answer.status, 200, name);
      assert.equal(answer.headers['content-type'], kind, name);
    }
    const css = page.text.match(/\/assets\/style\.[0-9a-f]{8}\.css/)[0];
    assert.equal((await get(server, css)).headers['content-type'], 'text/css; charset=utf-8');
  });

  test('ranges', async () => {
    const css = (await get(server, '/')).text.match(/\/assets\/style\.[0-9a-f]{8}\.css/)[0];
    const whole = (await get(server, css)).body, n = whole.length;
    const cases = [['bytes=0-9', 206, `bytes 0-9/${n}`, whole.subarray(0, 10)], ['bytes=-5', 206, `bytes ${n - 5}-${n - 1}/${n}`, whole.subarray(n - 5)],
      [`bytes=${n - 3}-`, 206, `bytes ${n - 3}-${n - 1}/${n}`, whole.subarray(n - 3)], [`bytes=5-${n + 100}`, 206, `bytes 5-${n - 1}/${n}`, whole.subarray(5)],
      [`bytes=${n}-`, 416, `bytes */${n}`, Buffer.alloc(0)], ['bytes=9-2', 200, undefined, whole], ['bytes=0-1,4-5', 200, undefined, whole],
      ['lines=0-1', 200, undefined, whole]];
    for (const [range, status, told, bytes] of cases) {
      const answer = await get(server, css, { headers: { Range: range } });
      assert.deepEqual([answer.status, answer.headers['content-range']], [status, told], range);
      assert.ok(answer.body.equals(bytes), range);
    }
    const other = await get(server, css, { headers: { Range: 'bytes=0-9', 'If-Range': '"0000000000000000"' } });
    assert.equal(other.status, 200);
  });

  test('folders, former names of the front page, a query', async () => {
    const folder = await get(server, '/stages?mot=a%20b');
    assert.deepEqual([folder.status, folder.headers.location], [302, '/stages/?mot=a%20b']);
    assert.equal((await get(server, '/stages/?mot=a')).status, 200);
    assert.equal((await get(server, '/index.html')).status, 200);
    assert.equal((await get(server, '//stages/')).status, 404);
  });

  test('nothing outside the site', async () => {
    for (const raw of ['/../content/site.yaml', '/%2e%2e/content/site.yaml', '/assets/%2e%2e%2f%2e%2e/content/site.yaml', '/..%5ccontent', '/a%00b', '/%',
      '/%zz', '/a%0d%0aX-Y:%20z', '/./']) {
      assert.match(await talk(server, `GET ${raw} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 400 /, raw);
    }
    for (const raw of ['/content/site.yaml', '/.git/HEAD', '/.vitrine/markdown.pack', '/_headers', '/.htaccess']) {
      assert.equal((await get(server, raw)).status, 404, raw);
    }
    assert.match(await talk(server, `GET /${'a'.repeat(20000)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`), /^HTTP\/1\.1 4/);
    assert.match(await talk(server, 'GET http://exemple.fr/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'), /^HTTP\/1\.1 400 /);
  });

  test('other names for this machine are refused', async () => {
    for (const host of ['localhost', `localhost:${server.port}`, '127.0.0.1', '[::1]:80', 'portail.localhost:8000', 'LOCALHOST']) {
      assert.equal((await get(server, '/', { headers: { Host: host } })).status, 200, host);
    }
    for (const host of ['exemple.fr', 'localhost.exemple.fr', '127.0.0.1.exemple.fr', '192.168.1.4', '[::2]', 'localhost:8000:1', '.localhost']) {
      const answer = await get(server, '/', { headers: { Host: host } });
      assert.equal(answer.status, 403, host);
      assert.doesNotMatch(answer.text, /Rance/);
    }
  });

  test('it can only be read', async () => {
    const answer = await get(server, '/', { method: 'POST', body: 'a=1' });
    assert.deepEqual([answer.status, answer.headers.allow], [405, 'GET, HEAD']);
    assert.equal((await get(server, '/', { method: 'DELETE' })).status, 405);
  });

  test('no service worker settles in', async () => {
    assert.equal((await get(server, '/robots.txt')).status, 200);
    assert.equal((await get(server, '/robots.txt', { headers: { 'Service-Worker': 'script' } })).status, 404);
  });

  test('it listens to this machine alone, under both addresses', async () => {
    const listening = readFileSync('/proc/net/tcp', 'utf8').split('\n').map((l) => l.trim().split(/\s+/)[1]).filter((a) => a && a.endsWith(':' + server.port.toString(16).toUpperCase().padStart(4, '0')));
    assert.ok(listening.length > 0);
    assert.ok(listening.every((a) => a.startsWith('0100007F')), listening.join());
    const six = await new Promise((done) => {
      const s = net.connect(server.port, '::1', () => { s.destroy(); done(true); });
      s.on('error', (e) => done(e.code));
    });
    if (six !== 'EADDRNOTAVAIL' && six !== 'EAFNOSUPPORT') assert.equal(six, true);
  });

  test('the headers are those of the published site', async () => {
    const told = readFileSync(path.join(out, '_headers'), 'utf8');
    const of = (rule) => Object.fromEntries((told.match(new RegExp(`^${rule.replace(/[*]/g, '\\*')}\\n((?: {2}.*\\n)+)`, 'm')) || ['', ''])[1].trim().split('\n')
      .map((l) => [l.slice(0, l.indexOf(':')).trim().toLowerCase(), l.slice(l.indexOf(':') + 2)]));
    const everywhere = of('/*');
    delete everywhere['strict-transport-security'];     // not said without TLS
    assert.ok(Object.keys(everywhere).length >= 4, `compared: ${Object.keys(everywhere)}`);
    for (const address of ['/', '/stages/', '/404.html', '/embed/stages/']) {
      const { headers } = await get(server, address);
      for (const [name, value] of Object.entries(everywhere)) assert.equal(headers[name], value, `${address} ${name}`);
      assert.ok(headers['content-security-policy'].includes("script-src 'self'"), address);
    }
    const framed = (await get(server, '/embed/stages/')).headers['content-security-policy'];
    assert.match(framed, /frame-ancestors \*/);
    assert.match((await get(server, '/')).headers['content-security-policy'], /frame-ancestors 'none'/);
  });
});

describe('changes', () => {
  let dir, server, listener;
  const item = (name) => path.join(dir, 'content', name);
  const edit = (name, from, to) => {
    const text = readFileSync(item(name), 'utf8');
    assert.ok(text.match(from), `${name}: ${from}`);
    writeFileSync(item(name), text.replace(from, to));
  };
  const page = async (url) => (await get(server, url)).text;
  before(async () => {
    dir = copySite(petite);
    server = await serve(dir);
    listener = tab(server);
    await listener.next();
  });
  after(async () => {
    listener.close();
    assert.equal(await server.stop(), 0);
  });

  test('a page asked for after a save is the new one', async () => {
    for (let i = 1; i <= 20; i++) {
      edit('etablissements/msp-belmont.md', /^titre: .*/m, `titre: Maison numéro ${i}`);
      assert.match(await page('/etablissements/msp-belmont/'), new RegExp(`Maison numéro ${i}<`));
    }
    assert.deepEqual(await listener.next(), { css: null, probleme: null });
  });

  test('a layout, a module, a string, a type, a style', async () => {
    const theme = path.join(dir, 'themes/portail');
    const swap = (name, from, to) => {
      const text = readFileSync(path.join(theme, name), 'utf8');
      assert.ok(text.includes(from), `${name}: ${from}`);
      writeFileSync(path.join(theme, name), text.replace(from, to));
    };
    swap('layouts/cadre.html', '<body', '<body data-essai="gabarit"');
    assert.match(await page('/'), /data-essai="gabarit"/);
    swap('i18n/fr.yaml', 'contact: ', 'contact: Essai ');
    assert.match(await page('/contact/'), /Essai /);
    listener.messages.length = 0;
    const quiet = tab(server);
    await quiet.next();
    const before_ = (await page('/')).match(/\/assets\/style\.[0-9a-f]{8}\.css/)[0];
    appendFileSync(path.join(theme, 'assets/style.css'), '\n.essai { color: red }\n');
    const { css, probleme } = await quiet.next();
    assert.equal(probleme, null);
    assert.equal(css[0], before_, 'the old style and the new one are told, for the tabs to exchange');
    assert.match(await get(server, css[1]).then((a) => a.text), /\.essai/);
    assert.ok((await page('/')).includes(css[1]));
    writeFileSync(path.join(theme, 'assets/de-plus.css'), '.essai { color: blue }\n');
    assert.deepEqual(await quiet.next(), { css: null, probleme: null }, 'no style to exchange: the page is loaded again');
    unlinkSync(path.join(theme, 'assets/de-plus.css'));
    assert.deepEqual(await quiet.next(), { css: null, probleme: null });
    quiet.close();
  });

  test('an error is shown over the last good site, and goes when it is mended', async () => {
    const good = await page('/etablissements/msp-belmont/');
    const t = tab(server);
    assert.equal((await t.next()).probleme, null);
    edit('etablissements/msp-belmont.md', /^categorie: .*/m, 'categorie: mspp');
    const { probleme } = await t.next();
    assert.equal(probleme.langue, 'fr');
    assert.match(probleme.texte, /content\/etablissements\/msp-belmont\.md:\d+:12: erreur: /);
    assert.match(probleme.texte, /remède : vouliez-vous dire « msp »/);
    assert.match(probleme.texte, /\^\^\^\^/);
    assert.equal(await page('/etablissements/msp-belmont/'), good);
    assert.match(server.said(), /remède : vouliez-vous dire « msp »/);
    const late = tab(server);
    assert.match((await late.next()).probleme.texte, /mspp/);
    late.close();
    edit('etablissements/msp-belmont.md', /^categorie: .*/m, 'categorie: msp');
    assert.equal((await t.next()).probleme, null);
    t.close();
  });

  test('what a build refuses of a page is refused without asking for it', async () => {
    const t = tab(server), routes = path.join(dir, 'routes.lua');
    await t.next();
    mkdirSync(path.join(dir, 'layouts'), { recursive: true });
    writeFileSync(path.join(dir, 'layouts/essai.html'), 'x');
    writeFileSync(routes, 'route{url = "/essai-d-en-tete/", layout = "essai.html", params = {}, en_tetes = {["X Y"] = "z"}}\n');
    await until(() => t.messages.some((m) => m.probleme && /routes\.lua:1:\d+: erreur: .*\[en-tete-refuse\]/.test(m.probleme.texte)));
    unlinkSync(routes);
    await until(() => t.messages.at(-1).probleme === null);
    rmSync(path.join(dir, 'layouts'), { recursive: true });
    t.close();
  });

  test('warnings of files that do not change are told with those of others', async () => {
    const first = item('etablissements/msp-belmont.md'), second = item('etablissements/pharmacie-belmont.md');
    const before_ = [first, second].map((f) => readFileSync(f, 'utf8'));
    const told = (from, name) => server.said().slice(from).includes(`${name}.md:`);
    let from = server.said().length;
    appendFileSync(first, '\n# Un grand titre\n');
    await until(() => told(from, 'msp-belmont'));
    await page('/');
    await new Promise((go) => setTimeout(go, 120));
    from = server.said().length;
    appendFileSync(second, '\n# Un grand titre\n');
    await until(() => told(from, 'pharmacie-belmont'));
    assert.ok(told(from, 'msp-belmont'), server.said().slice(from));
    writeFileSync(first, before_[0]);
    writeFileSync(second, before_[1]);
    assert.match(await page('/etablissements/msp-belmont/'), /Maison/);
  });

  test('an error of one page is that page alone', async () => {
    const file = path.join(dir, 'themes/portail/layouts/contact.html'), text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/\{% block (\w+) %\}/, '{% block $1 %}{{ ("x"):rep(3) .. params.rien.du.tout }}'));
    const broken = await get(server, '/contact/');
    assert.equal(broken.status, 500, broken.text);
    assert.match(broken.text, /layouts\/contact\.html:\d+:\d+: erreur: /);
    assert.match(broken.text, script);
    assert.equal((await get(server, '/')).status, 200);
    writeFileSync(file, text);
    assert.equal((await get(server, '/contact/')).status, 200);
  });

  test('an item comes, is renamed, goes', async () => {
    const text = readFileSync(item('etablissements/pharmacie-belmont.md'), 'utf8');
    writeFileSync(item('etablissements/nouvelle.md'), text.replace(/^titre: .*/m, 'titre: Nouvelle pharmacie').replace(/^(finess|siret|geo):.*\n/gm, ''));
    await until(async () => (await get(server, '/etablissements/nouvelle/')).status === 200);
    renameSync(item('etablissements/nouvelle.md'), item('etablissements/renommee.md'));
    await until(async () => (await get(server, '/etablissements/renommee/')).status === 200);
    assert.equal((await get(server, '/etablissements/nouvelle/')).status, 404);
    unlinkSync(item('etablissements/renommee.md'));
    await until(async () => (await get(server, '/etablissements/renommee/')).status === 404);
  });

  test('what editors leave beside and do while saving is not seen', async () => {
    const file = item('etablissements/msp-belmont.md'), t = tab(server);
    await t.next();
    const text = readFileSync(file, 'utf8');
    writeFileSync(item('etablissements/.msp-belmont.md.swp'), 'b0VIM');       // vim
    writeFileSync(item('etablissements/4913'), '');
    unlinkSync(item('etablissements/4913'));
    renameSync(file, file + '~');
    writeFileSync(file, text.replace(/^titre: .*/m, 'titre: Par vim'));
    unlinkSync(file + '~');
    assert.match(await page('/etablissements/msp-belmont/'), /Par vim</);
    writeFileSync(item('etablissements/#msp-belmont.md#'), 'x');              // emacs
    writeFileSync(path.join(dir, 'content/etablissements/.#msp-belmont.md'), 'x');
    writeFileSync(file + '.tmp1', text.replace(/^titre: .*/m, 'titre: Par renommage'));
    renameSync(file + '.tmp1', file);                                         // a writer that renames
    assert.match(await page('/etablissements/msp-belmont/'), /Par renommage</);
    unlinkSync(item('etablissements/#msp-belmont.md#'));
    assert.ok(t.messages.every((m) => m.probleme === null), JSON.stringify(t.messages));
    t.close();
  });

  test('the folder of the content goes and comes back', async () => {
    const t = tab(server);
    await t.next();
    renameSync(path.join(dir, 'content'), path.join(dir, 'ailleurs'));
    assert.match((await t.next()).probleme.texte, /site\.yaml/);
    assert.equal((await get(server, '/stages/')).status, 200);
    renameSync(path.join(dir, 'ailleurs'), path.join(dir, 'content'));
    assert.equal((await t.next()).probleme, null);
    edit('etablissements/msp-belmont.md', /^titre: .*/m, 'titre: De retour');
    assert.match(await page('/etablissements/msp-belmont/'), /De retour</);
    t.close();
  });

  test('another branch is checked out', async () => {
    const git = (...args) => {
      const run = spawnSync('git', ['-c', 'user.name=Essai', '-c', 'user.email=essai@exemple.fr', ...args], { cwd: dir, encoding: 'utf8' });
      assert.equal(run.status, 0, run.stderr);
    };
    git('init', '-q', '-b', 'une');
    git('add', 'content');
    git('commit', '-q', '-m', 'Une');
    git('checkout', '-q', '-b', 'autre');
    for (const name of readdirSync(item('etablissements'))) if (name.endsWith('.md') && !name.startsWith('.')) edit(`etablissements/${name}`, /^titre: .*/m, `titre: Branche de ${name.slice(0, -3)}`);
    mkdirSync(item('actualites'), { recursive: true });
    writeFileSync(item('actualites/une-nouvelle.md'), '---\ntitre: Une nouvelle\nresume: Ce qui se passe ici.\npublie_le: 2026-09-01\nterritoires: [rance-et-dourdou]\n---\nTexte.\n');
    git('add', 'content');
    git('commit', '-q', '-m', 'Autre');
    const seen = async (name, text) => (await page(`/etablissements/${name}/`)).includes(text);
    await until(() => seen('msp-camares', 'Branche de msp-camares'));
    git('checkout', '-q', 'une');
    await until(async () => !(await seen('msp-camares', 'Branche de')));
    git('checkout', '-q', 'autre');
    await until(() => seen('msp-belmont', 'Branche de msp-belmont'));
    assert.equal(readdirSync(item('actualites')).length, 1);
  });

  test('more changes than the system can tell', async (t) => {
    const limit = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'));
    if (limit > 100000) return t.skip(`${limit} events are too many to make`);
    const file = item('etablissements/msp-belmont.md'), text = readFileSync(file, 'utf8');
    server.child.kill('SIGSTOP');
    for (let i = 0; i < limit / 3 + 100; i++) {
      unlinkSync(file);
      writeFileSync(file, text);
    }
    mkdirSync(item('pages'));               // nobody is told of it: to be found by looking
    writeFileSync(file, text.replace(/^titre: .*/m, 'titre: Après la crue'));
    server.child.kill('SIGCONT');
    await until(async () => (await page('/etablissements/msp-belmont/')).includes('Après la crue'));
    edit('etablissements/msp-belmont.md', /^titre: .*/m, 'titre: Et ensuite');
    assert.match(await page('/etablissements/msp-belmont/'), /Et ensuite</);
    writeFileSync(item('pages/essai.md'), '---\ntitre: Un essai\nresume: Une page de plus.\nmaj_le: 2026-09-01\ncategorie: a_propos\n---\nTexte.\n');
    await until(async () => (await page('/essai/')).includes('Un essai'));
    rmSync(path.join(dir, '.git'), { recursive: true });
  });
});

test('a file that names all others is given, whatever is saved while they are drawn', async () => {
  const dir = copySite(root), server = await serve(dir), file = path.join(dir, 'content/site.yaml');
  const touch = () => utimesSync(file, new Date(), new Date());
  const pause = (ms) => new Promise((go) => setTimeout(go, ms));
  for (const [i, name] of ['/sitemap.xml', '/sw.js', '/sitemap.xml', '/sw.js', '/sitemap.xml', '/sw.js'].entries()) {
    touch();
    assert.equal((await get(server, '/')).status, 200);
    const asked = get(server, name);
    await pause(20 + 20 * i);
    touch();
    assert.equal((await asked).status, 200, `${name}, round ${i}`);
  }
  assert.equal(await server.stop(), 0);
});

test('Ctrl-C does not wait for a drawing of all pages', async () => {
  const dir = copySite(root), server = await serve(dir);
  assert.equal((await get(server, '/')).status, 200);
  const asked = get(server, '/sitemap.xml'), began = process.hrtime.bigint();
  await new Promise((go) => setTimeout(go, 30));
  const stopped = server.child.kill('SIGINT') && server.ended;
  assert.ok(['503', 'ECONNRESET'].includes(await asked.then((a) => `${a.status}`, (e) => e.code)), 'nobody was given the drawing');
  assert.equal(await stopped, 0);
  const took = process.hrtime.bigint() - began, other = await serve(dir), again = process.hrtime.bigint();
  assert.equal((await get(other, '/')).status, 200);
  assert.equal((await get(other, '/sitemap.xml')).status, 200);
  assert.ok(took < process.hrtime.bigint() - again, 'it takes as long as the drawing');
  await other.stop();
});

test('hundreds of tabs wait without a thread each, and hear', async () => {
  const dir = copySite(petite), server = await serve(dir);
  const threads = () => Number(readFileSync(`/proc/${server.child.pid}/status`, 'utf8').match(/^Threads:\s+(\d+)/m)[1]);
  const tabs = Array.from({ length: 300 }, () => tab(server));
  await Promise.all(tabs.map((t) => t.next()));
  assert.ok(threads() < 12, `${threads()} threads`);
  appendFileSync(path.join(dir, 'content/etablissements/msp-belmont.md'), '\nUn mot de plus.\n');
  await Promise.all(tabs.map((t) => t.next()));
  assert.match((await get(server, '/etablissements/msp-belmont/')).text, /Un mot de plus/);
  for (const t of tabs.slice(0, 299)) t.close();
  const descriptors = () => readdirSync(`/proc/${server.child.pid}/fd`).length;
  await until(() => descriptors() < 60, 40000);
  assert.equal(await server.stop('SIGTERM'), 0);
  await until(() => tabs[299].closed);
});

test('a first start with errors shows them, then the site', async () => {
  const dir = copySite(petite), file = path.join(dir, 'content/etablissements/msp-belmont.md'), text = readFileSync(file, 'utf8');
  writeFileSync(file, text.replace(/^categorie: .*/m, 'categorie: mspp'));
  const server = await serve(dir, '--lang', 'en');
  const answer = await get(server, '/stages/');
  assert.equal(answer.status, 500);
  assert.match(answer.text, /<html lang="en"/);
  assert.match(answer.text, /msp-belmont\.md:\d+:12: error: /);
  assert.match(answer.text, /remedy: did you mean/);
  assert.doesNotMatch(answer.text, /style=|<script>/);
  writeFileSync(file, text);
  assert.equal((await get(server, '/stages/')).status, 200);
  assert.equal(await server.stop(), 0);
});

test('drafts are shown when asked for', async () => {
  const dir = copySite(petite), file = path.join(dir, 'content/etablissements/msp-belmont.md');
  writeFileSync(path.join(dir, 'content/etablissements/brouillon.md'), readFileSync(file, 'utf8').replace(/^titre: .*/m, 'titre: Pas encore\nbrouillon: true').replace(/^(finess|siret):.*\n/gm, ''));
  const without = await serve(dir), withThem = await serve(dir, '--drafts');
  assert.equal((await get(without, '/etablissements/brouillon/')).status, 404);
  assert.equal((await get(withThem, '/etablissements/brouillon/')).status, 200);
  await Promise.all([without.stop(), withThem.stop()]);
});

describe('mistakes of a beginner', () => {
  const run = (...args) => spawnSync(vitrine, ['serve', ...args], { encoding: 'utf8', timeout: 20000 });

  test('a port that is taken', async () => {
    const other = net.createServer().listen(0, '127.0.0.1');
    await until(() => other.listening);
    const { port } = other.address();
    const { status, stderr } = run('-C', small, '--port', String(port));
    other.close();
    assert.equal(status, 2);
    assert.match(stderr, /\[port-pris\]/);
    assert.match(stderr, new RegExp(`le port ${port} est déjà pris`));
    assert.match(stderr, /vitrine serve --port \d+/);
  });

  test('no site there', () => {
    const { status, stderr } = run('-C', temporary(), '--port', '0');
    assert.equal(status, 2);
    assert.match(stderr, /pas de site .*\n.*-C/);
  });

  test('an option that does not exist, a port that cannot be', () => {
    const { status, stderr } = run('--prot', '8000');
    assert.equal(status, 2);
    assert.match(stderr, /--port/);
    assert.equal(run('--port', 'http').status, 2);
    assert.equal(run('--port', '70000').status, 2);
  });

  test('a port for the system alone', { skip: process.getuid() === 0 && 'root may listen anywhere' }, () => {
    const { status, stderr } = run('-C', small, '--port', '1');
    assert.equal(status, 3);
    assert.match(stderr, /\[ecoute-impossible\]/);
  });

  test('a system that follows no folders', async (t) => {
    const limited = (what, ...args) => spawnSync('unshare', ['-Ur', 'sh', '-c', `${what}; exec "$0" "$@"`, ...args], { encoding: 'utf8', timeout: 20000 });
    if (limited('echo 0 >/proc/sys/user/max_inotify_watches', 'true').status !== 0) return t.skip('no user namespaces here');
    const none = limited('echo 0 >/proc/sys/user/max_inotify_instances', vitrine, 'serve', '-C', small, '--port', '0');
    assert.equal(none.status, 3);
    assert.match(none.stderr, /\[serve-impossible\]\n.*max_user_instances/);
    const few = limited('echo 3 >/proc/sys/user/max_inotify_watches', 'timeout', '-s', 'INT', '3', vitrine, 'serve', '-C', small, '--port', '0');
    assert.match(few.stderr, /\[surveillance-impossible\]\n.*max_user_watches/);
  });

  test('--open opens the address, or says that it could not', async () => {
    const bin = temporary(), note = path.join(bin, 'note');
    writeFileSync(path.join(bin, 'xdg-open'), `#!/bin/sh\nprintf %s "$1" >'${note}'\n`);
    chmodSync(path.join(bin, 'xdg-open'), 0o755);
    const before_ = process.env.PATH;
    process.env.PATH = `${bin}:/usr/bin:/bin`;
    const server = await serve(small, '--open');
    assert.equal(await until(() => { try { return readFileSync(note, 'utf8'); } catch { return ''; } }), `http://localhost:${server.port}/`);
    await server.stop();
    process.env.PATH = temporary();
    spawnSync('/bin/ln', ['-s', '/bin/sh', path.join(process.env.PATH, 'sh')]);
    const without = await serve(small, '--open');
    await without.stop();
    process.env.PATH = before_;
    assert.match(without.said(), /\[navigateur-introuvable\]/);
    assert.match(without.said(), new RegExp(`http://localhost:${without.port}/`));
  });
});
