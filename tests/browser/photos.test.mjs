// A photograph as a phone makes it, drawn here by the browser itself and then loaded with all that phones add: where, when, who, with what,
// a preview, a film. What is published holds none of it, stands upright, and is the same picture to the last pixel.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { browser, build, change, files, serve, smallSite } from './portal.mjs';

const WIDTH = 96, HEIGHT = 48;
const secrets = ['FABRICANTSECRET', 'N-GPS-SECRET', 'XMPSECRET', 'IPTCSECRET', 'COMMENTAIRESECRET', 'VIGNETTESECRETE', 'FILMSECRET', 'PROFILSECRET'];

const chrome = await browser();
test.after(() => chrome.close());
const page = await chrome.newPage();

/** The bytes of a picture that shows where its top left corner is. */
async function drawn(type, quality) {
  const url = await page.evaluate(([width, height, kind, q]) => {
    const canvas = Object.assign(document.createElement('canvas'), { width, height });
    const context = canvas.getContext('2d');
    for (let x = 0; x < width; x += 8) for (let y = 0; y < height; y += 8) {
      context.fillStyle = `rgb(${x * 2} ${y * 3} ${(x ^ y) & 255})`;
      context.fillRect(x, y, 8, 8);
    }
    context.fillStyle = '#f00';
    context.fillRect(0, 0, 24, 12);
    return canvas.toDataURL(kind, q);
  }, [WIDTH, HEIGHT, type, quality]);
  assert.ok(url.startsWith(`data:${type};base64,`), `the browser writes ${type}`);
  return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
}

/** A TIFF block with maker, orientation and position. */
function exif(orientation) {
  const text = Buffer.from('FABRICANTSECRET\0N-GPS-SECRET\0VIGNETTESECRETE');
  const tiff = Buffer.alloc(8 + 2 + 3 * 12 + 4);
  tiff.write('II*\0', 'latin1');
  tiff.writeUInt32LE(8, 4);
  tiff.writeUInt16LE(3, 8);
  const entries = [[0x010f, 2, 16, tiff.length], [0x0112, 3, 1, orientation], [0x8825, 4, 1, tiff.length + 16]];
  entries.forEach(([tag, type, count, value], i) => {
    const at = 10 + 12 * i;
    tiff.writeUInt16LE(tag, at); tiff.writeUInt16LE(type, at + 2); tiff.writeUInt32LE(count, at + 4); tiff.writeUInt32LE(value, at + 8);
  });
  return Buffer.concat([tiff, text]);
}

function segment(marker, ...data) {
  const all = Buffer.concat(data.map((d) => Buffer.from(d, 'latin1')));
  const head = Buffer.from([0xff, marker, 0, 0]);
  head.writeUInt16BE(all.length + 2, 2);
  return Buffer.concat([head, all]);
}

const phoneJpeg = (jpeg, orientation) => Buffer.concat([
  jpeg.subarray(0, 2), segment(0xe1, 'Exif\0\0', exif(orientation)), segment(0xe1, 'http://ns.adobe.com/xap/1.0/\0<x>XMPSECRET</x>'),
  segment(0xed, 'Photoshop 3.0\x008BIMIPTCSECRET'), segment(0xe2, 'MPF\0VIGNETTESECRETE'), segment(0xfe, 'COMMENTAIRESECRET'),
  jpeg.subarray(2), phoneFilm,
]);
const phoneFilm = Buffer.from('\0\0\0\x18ftypmp42 FILMSECRET', 'latin1');

function pngChunk(type, data) {
  const body = Buffer.concat([Buffer.from(type), Buffer.from(data, 'latin1')]);
  const chunk = Buffer.alloc(body.length + 8);
  chunk.writeUInt32BE(body.length - 4, 0);
  body.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(body), body.length + 4);
  return chunk;
}
function crc32(bytes) {
  let v = 0xffffffff;
  for (const b of bytes) { v ^= b; for (let k = 0; k < 8; k++) v = v & 1 ? (v >>> 1) ^ 0xedb88320 : v >>> 1; }
  return ~v >>> 0;
}
const phonePng = (png, orientation) => Buffer.concat([
  png.subarray(0, 33), pngChunk('eXIf', exif(orientation)), pngChunk('tEXt', 'Author\0COMMENTAIRESECRET'),
  pngChunk('iTXt', 'XML:com.adobe.xmp\0\0\0\0\0XMPSECRET'), png.subarray(33), phoneFilm,
]);

function riffChunk(type, data) {
  const bytes = Buffer.from(data, 'latin1');
  const head = Buffer.alloc(8);
  head.write(type, 'latin1');
  head.writeUInt32LE(bytes.length, 4);
  return Buffer.concat([head, bytes, Buffer.alloc(bytes.length % 2)]);
}
function phoneWebp(webp, orientation) {
  const chunks = [];
  for (let at = 12; at < webp.length;) {
    const length = webp.readUInt32LE(at + 4);
    if (['VP8 ', 'VP8L', 'ALPH'].includes(webp.toString('latin1', at, at + 4))) chunks.push(webp.subarray(at, at + 8 + length + (length & 1)));
    at += 8 + length + (length & 1);
  }
  const header = Buffer.alloc(10);
  header[0] = 0x0c;
  header.writeUIntLE(WIDTH - 1, 4, 3);
  header.writeUIntLE(HEIGHT - 1, 7, 3);
  const body = Buffer.concat([Buffer.from('WEBP'), riffChunk('VP8X', header), ...chunks, riffChunk('EXIF', exif(orientation)), riffChunk('XMP ', 'XMPSECRET'),
    riffChunk('mine', 'COMMENTAIRESECRET')]);
  const head = Buffer.alloc(8);
  head.write('RIFF');
  head.writeUInt32LE(body.length, 4);
  return Buffer.concat([head, body, phoneFilm]);
}

/** Size and pixels of a picture as the browser shows it. */
const seen = (bytes, type) => page.evaluate(async ([base64, kind]) => {
  const image = new Image();
  image.src = `data:${kind};base64,${base64}`;
  await image.decode();
  const canvas = Object.assign(document.createElement('canvas'), { width: image.naturalWidth, height: image.naturalHeight });
  const context = canvas.getContext('2d');
  context.drawImage(image, 0, 0);
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
  return { width: canvas.width, height: canvas.height, pixels: pixels.join() };
}, [bytes.toString('base64'), type]);

/** The entropy-coded data and their tables: everything of a JPEG from its first quantization table on. */
const coded = (jpeg) => jpeg.subarray(jpeg.indexOf(Buffer.from([0xff, 0xdb])), jpeg.lastIndexOf(Buffer.from([0xff, 0xd9])));

const jpeg = await drawn('image/jpeg', 0.8);
const pictures = [
  ['verticale.jpg', 'image/jpeg', phoneJpeg(jpeg, 6)], ['renversee.jpg', 'image/jpeg', phoneJpeg(jpeg, 3)], ['droite.jpg', 'image/jpeg', phoneJpeg(jpeg, 1)],
  ['verticale.png', 'image/png', phonePng(await drawn('image/png'), 8)],
  ['verticale.webp', 'image/webp', phoneWebp(await drawn('image/webp', 0.7), 6)], ['fine.webp', 'image/webp', phoneWebp(await drawn('image/webp', 1), 1)],
];

const site = smallSite(false);
for (const [name, , bytes] of pictures) writeFileSync(path.join(site, 'content/hebergements', name), bytes);
const listed = pictures.map(([name]) => `  - {fichier: ${name}, alt: "La chambre, ${name}", credit: "Mairie d'Exemple", autorisation: "Autorisation Secrète de la mairie"}\n`).join('');
const studio = path.join(site, 'content/hebergements/studio-camares.md');
change(studio, 'gestionnaire:', `images:\n${listed}  - {fichier: droite.jpg, decorative: true, credit: "Photographe d'Exemple", autorisation: "La mairie", dans_le_texte: true}\ngestionnaire:`);
change(studio, 'Une pièce claire', '![La pièce](droite.jpg)\n\nUne pièce claire');
const dir = build(site);

test('nothing that a phone notes is in any byte of what is published', () => {
  for (const [name, , bytes] of pictures) assert.ok(secrets.some((s) => bytes.includes(s)), `${name} carries something to hide`);
  for (const file of files(dir)) {
    const bytes = readFileSync(path.join(dir, file));
    for (const secret of [...secrets, 'Autorisation Secrète']) assert.ok(!bytes.includes(secret), `${file} holds ${secret}`);
  }
});

const published = (name) => {
  const found = files(dir).filter((f) => f.startsWith('assets/hebergements/') && f.endsWith(path.extname(name)) && path.basename(f).startsWith(path.parse(name).name + '.'));
  assert.equal(found.length, 1, `${name} is published once`);
  return readFileSync(path.join(dir, found[0]));
};

for (const [name, type, bytes] of pictures) {
  test(`${name} is the same picture, and as upright`, async () => {
    const before = await seen(bytes, type), after = await seen(published(name), type);
    assert.deepEqual([after.width, after.height], [before.width, before.height]);
    assert.ok(after.pixels === before.pixels, 'every pixel');
    if (type === 'image/jpeg') assert.ok(coded(published(name)).equals(coded(bytes.subarray(0, bytes.length - phoneFilm.length))), 'not encoded again');
  });
}

test('a link to the page is shared with its first photograph, upright', () => {
  const html = readFileSync(path.join(dir, 'hebergements/studio-camares/index.html'), 'utf8');
  const meta = (name) => html.match(new RegExp(`<meta property="${name}" content="([^"]*)">`))?.[1];
  const file = decodeURIComponent(new URL(meta('og:image')).pathname).slice(1);
  assert.match(file, /\/verticale\.[0-9a-f]+\.jpg$/);
  assert.ok(files(dir).includes(file), 'and it is published');
  assert.deepEqual([meta('og:image:width'), meta('og:image:height'), meta('og:image:alt')], [`${HEIGHT}`, `${WIDTH}`, 'La chambre, verticale.jpg']);
  assert.match(readFileSync(path.join(dir, 'index.html'), 'utf8'), /<meta property="og:image" content="[^"]*apercu[^"]*\.png">/, 'a page without a photograph has the painted one');
});

test('the page says the size of each picture as it is seen', async () => {
  const served = await serve(dir);
  try {
    await page.goto(served.origin + '/hebergements/studio-camares/');
    const images = await page.$$eval('.photos img', async (list) => {
      const out = [];
      for (const i of list) {
        i.loading = 'eager';
        await i.decode();
        out.push({ alt: i.alt, width: +i.getAttribute('width'), height: +i.getAttribute('height'), seenWidth: i.naturalWidth, seenHeight: i.naturalHeight });
      }
      return out;
    });
    assert.equal(images.length, pictures.length, 'the picture of the text is not shown again');
    assert.deepEqual(await page.$$eval('main p img', (list) => list.map((i) => [i.alt, i.getAttribute('width'), i.getAttribute('height')])),
      [['La pièce', `${WIDTH}`, `${HEIGHT}`]]);
    assert.match(await page.textContent('main'), /Photographe d.Exemple/, 'its credit is');
    for (const i of images) {
      const turned = i.alt.includes('verticale');
      assert.equal(i.width, turned ? HEIGHT : WIDTH, i.alt);
      assert.equal(i.height, turned ? WIDTH : HEIGHT, i.alt);
      // Chromium shows a turned WebP lying, and the build warns of it.
      if (!i.alt.includes('verticale.webp')) assert.equal(i.seenWidth / i.seenHeight, i.width / i.height, i.alt);
    }
  } finally { served.close(); }
});
