// Codes to scan, read back by a decoder of our own: from the path of the drawing to the address, through format, mask, blocks and correction.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { browser, build, fileOf, pages, root, serve, smallSite } from './portal.mjs';

/** The dark modules of a drawing, rows of booleans; the margin must be four modules of white. */
function modules(svg) {
  const side = Number(svg.match(/viewBox="-4 -4 (\d+) \1"/)[1]) - 8;
  assert.match(svg, new RegExp(`fill="#fff" d="M-4-4h${side + 8}v${side + 8}h-${side + 8}z"`));
  const grid = Array.from({ length: side }, () => Array(side).fill(false));
  let x = 0, y = 0;
  for (const [, command, a, b] of svg.match(/stroke="#000" d="([^"]*)"/)[1].matchAll(/([Mmh])([\d.]+)(?: ([\d.]+))?/g)) {
    if (command === 'M') { x = Number(a); y = Number(b) - 0.5; }
    else if (command === 'm') { assert.equal(b, '0'); x += Number(a); }
    else for (let i = 0; i < Number(a); i++) grid[y][x++] = true;
  }
  return grid;
}

// Powers of 2 in the field of the code.
const power = [1];
for (let i = 1; i < 255; i++) power[i] = (power[i - 1] * 2) ^ (power[i - 1] > 127 ? 0x11d : 0);
const product = (a, b) => (a && b ? power[(power.indexOf(a) + power.indexOf(b)) % 255] : 0);

const maskOf = [
  (i, j) => (i + j) % 2, (i) => i % 2, (i, j) => j % 3, (i, j) => (i + j) % 3, (i, j) => (Math.floor(i / 2) + Math.floor(j / 3)) % 2,
  (i, j) => ((i * j) % 2) + ((i * j) % 3), (i, j) => (((i * j) % 2) + ((i * j) % 3)) % 2, (i, j) => (((i + j) % 2) + ((i * j) % 3)) % 2,
];

/** Version → at level M: the correction of a block, the data of each. */
const blocksOf = [null, [10, [16]], [16, [28]], [26, [44]], [18, [32, 32]], [24, [43, 43]], [16, [27, 27, 27, 27]], [18, [31, 31, 31, 31]],
  [22, [38, 38, 39, 39]], [22, [36, 36, 36, 37, 37]], [26, [43, 43, 43, 43, 44]]];

/** Both copies of the format must agree and be one of the 32 words of its code; returns the level and the mask. */
function format(g) {
  const n = g.length;
  const first = [...[0, 1, 2, 3, 4, 5, 7, 8].map((c) => g[8][c]), ...[7, 5, 4, 3, 2, 1, 0].map((r) => g[r][8])];
  const second = [...[1, 2, 3, 4, 5, 6, 7].map((k) => g[n - k][8]), ...[8, 7, 6, 5, 4, 3, 2, 1].map((k) => g[8][n - k])];
  assert.deepEqual(first, second, 'both copies of the format');
  assert.ok(g[n - 8][8], 'the module that is always dark');
  const word = first.reduce((w, bit) => w * 2 + Number(bit), 0) ^ 0b101010000010010;
  let rest = word;
  for (let i = 14; i >= 10; i--) if ((rest >> i) & 1) rest ^= 0b10100110111 << (i - 10);
  assert.equal(rest, 0, 'the format is a word of its code');
  return { level: word >> 13, mask: (word >> 10) & 7 };
}

/** Does the module carry no data? */
function reserved(version, n, r, c) {
  if (r === 6 || c === 6) return true;
  if ((r < 9 && c < 9) || (r < 9 && c >= n - 8) || (r >= n - 8 && c < 9)) return true;
  if (version >= 7 && ((r < 6 && c >= n - 11) || (c < 6 && r >= n - 11))) return true;
  if (version === 1) return false;
  const at = version < 7 ? [6, n - 7] : [6, (n - 1) / 2, n - 7];
  if (version >= 7) at[1] = 8 + 2 * version;
  return at.some((a) => at.some((b) => Math.abs(r - a) <= 2 && Math.abs(c - b) <= 2
    && !((a === 6 && b === 6) || (a === 6 && b === n - 7) || (a === n - 7 && b === 6))));
}

function codewords(g, version, mask) {
  const n = g.length, bits = [];
  let column = n - 1, row = n - 1, step = -1;
  while (column > 0) {
    if (column === 6) column--;
    for (; row >= 0 && row < n; row += step) {
      for (const c of [column, column - 1]) if (!reserved(version, n, row, c)) bits.push(Number(g[row][c]) ^ Number(maskOf[mask](row, c) === 0));
    }
    step = -step;
    row += step;
    column -= 2;
  }
  return Array.from({ length: Math.floor(bits.length / 8) }, (_, i) => bits.slice(8 * i, 8 * i + 8).reduce((w, b) => w * 2 + b, 0));
}

/** The text of a grid; every block must be free of errors. */
function read(g) {
  const version = (g.length - 17) / 4;
  const { level, mask } = format(g);
  assert.equal(level, 0, 'level M');
  if (version >= 7) {
    const word = Array.from({ length: 18 }, (_, i) => g[Math.floor(i / 3)][g.length - 11 + (i % 3)]).reduceRight((w, b) => w * 2 + Number(b), 0);
    assert.equal(word >> 12, version, 'the version says itself');
    let rest = word;
    for (let i = 17; i >= 12; i--) if ((rest >> i) & 1) rest ^= 0b1111100100101 << (i - 12);
    assert.equal(rest, 0, 'the version is a word of its code');
  }
  const [correction, sizes] = blocksOf[version];
  const words = codewords(g, version, mask);
  const blocks = sizes.map(() => []);
  for (let k = 0, i = 0; k < Math.max(...sizes) + correction; k++) {
    sizes.forEach((size, b) => { if (k < Math.max(...sizes) ? k < size : true) blocks[b].push(words[i++]); });
  }
  for (const block of blocks) {
    for (let k = 0; k < correction; k++) assert.equal(block.reduce((sum, word) => product(sum, power[k]) ^ word, 0), 0, `syndrome ${k}`);
  }
  const bits = blocks.flatMap((b, i) => b.slice(0, sizes[i])).map((w) => w.toString(2).padStart(8, '0')).join('');
  assert.equal(bits.slice(0, 4), '0100', 'bytes');
  const wide = version < 10 ? 8 : 16, length = parseInt(bits.slice(4, 4 + wide), 2), end = 4 + wide + 8 * length;
  assert.match(bits.slice(end), /^0000(1110110000010001)*(11101100)?$/, 'the end and the padding');
  return { version, text: Buffer.from(bits.slice(4 + wide, end).match(/.{8}/g).map((b) => parseInt(b, 2))).toString('utf8') };
}

const out = build(root);
const html = (url, dir = out) => readFileSync(path.join(dir, fileOf(url)), 'utf8');
const figures = (text) => text.match(/<figure class="[^"]*\bcode\b[^"]*">[\s\S]*?<\/figure>/g) || [];
const canonical = (text) => text.match(/<link rel="canonical" href="([^"]*)"/)[1];

test('each open stage and offer carries the code of its own address', () => {
  let n = 0;
  for (const url of pages(out).filter((u) => /^\/(stages|offres)\/[^/]+\/$/.test(u))) {
    const text = html(url), found = figures(text);
    if (/<div class="etat" role="note">/.test(text.split('<div class="deux">')[0])) { assert.equal(found.length, 0, url); continue; }
    assert.equal(found.length, 1, url);
    assert.equal(read(modules(found[0])).text, canonical(text), url);
    n++;
  }
  assert.ok(n > 40, `${n} codes`);
});

test('codes of every version are read back', () => {
  const site = smallSite(true);
  const seen = new Set();
  for (const length of [14, 26, 42, 62, 84, 106, 122, 152, 180, 213]) {
    const base = 'https://a.fr/'.padEnd(length - 1, 'portail-de-la-communaute-de-communes-') + (length > 14 ? '/' : '');
    const [figure] = figures(html('/a-diffuser/', build(site, '--base-url', base)));
    const { version, text } = read(modules(figure));
    assert.equal(text, base);
    seen.add(version);
  }
  assert.equal(seen.size, 10);
  assert.deepEqual(figures(html('/a-diffuser/', build(site, '--base-url', `https://a.fr/${'x'.repeat(201)}/`))), [], 'none where it does not fit');
});

test('the code of a stage or an offer is for paper, and the page is one sheet', async () => {
  const chromium = await browser();
  const server = await serve(out);
  try {
    const tab = await (await chromium.newContext({ javaScriptEnabled: false, viewport: { width: 718, height: 1000 } })).newPage();
    for (const url of ['/stages/mg-n1-saint-savin/', '/stages/urgences-blaye/', '/offres/reprise-pierrefort/']) {
      await tab.emulateMedia({ media: 'screen' });
      await tab.goto(server.origin + url);
      assert.equal(await tab.locator('figure.code').isVisible(), false, url);
      await tab.emulateMedia({ media: 'print' });
      const box = await tab.locator('figure.code svg').boundingBox();
      assert.ok(box.width > 70 && box.width < 110, `${url}: ${box.width} px wide, about two centimetres`);
      const sheets = (await tab.pdf({ format: 'A4', preferCSSPageSize: true })).toString('latin1').match(/\/Type \/Page\b/g).length;
      assert.equal(sheets, 1, `${url}: ${sheets} sheets`);
    }
  } finally {
    server.close();
    await chromium.close();
  }
});
