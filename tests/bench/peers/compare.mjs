// Compares two builds of the benchmark's portal in substance: the same pages; on each the same title, address, breadcrumb, facts, body text,
// members of lists in their order and related items; the same sitemap, feed and export. How they write their HTML does not matter, nor
// which space stands before a colon: French typography is ours alone.
// usage: node tests/bench/peers/compare.mjs FOLDER FOLDER
import {readFileSync, readdirSync} from 'node:fs';
import {join} from 'node:path';

const [one, other] = process.argv.slice(2);
if (!other) {
  console.error('usage: node tests/bench/peers/compare.mjs FOLDER FOLDER');
  process.exit(2);
}
const MOST_SHOWN = 10;
const entities = {amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: '\u00a0'};

function decode(text) {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (all, hex, number, name) =>
    hex ? String.fromCodePoint(parseInt(hex, 16)) : number ? String.fromCodePoint(Number(number)) : entities[name] ?? all);
}

function spaced(text) {
  return text.split(/\s+/).filter(Boolean).join(' ');
}

// The words of a piece of HTML; inline elements join what they stand between, all others part it.
function words(html) {
  return spaced(decode(html.replace(/<\/?(?:a|strong|em|span|time)\b[^>]*>/g, '').replace(/<[^>]*>/g, ' ')));
}

function between(html, pattern) {
  return html.match(pattern)?.[1] ?? '';
}

function links(html) {
  return [...html.matchAll(/<a\b[^>]*?href="?([^"\s>]*)"?[^>]*>(.*?)<\/a>/gs)].map(([, href, text]) => `${decode(href)} ${words(text)}`);
}

function elements(html) {
  const count = {};
  for (const [, name] of html.matchAll(/<(h[1-6]|p|ul|ol|li|table|tr|td|th|blockquote|strong|em|a)\b/g)) count[name] = (count[name] ?? 0) + 1;
  return Object.entries(count).sort().join(' ');
}

function readPage(html) {
  const article = between(html, /<article>(.*?)<\/article>/s);
  const body = article.slice(article.indexOf('</dl>') + 5);
  const list = between(html, /<ul class="?liste"?>(.*?)<\/ul>/s);
  return {
    title: words(between(html, /<title>(.*?)<\/title>/s)),
    description: spaced(decode(between(html, /<meta name="?description"? content="(.*?)"/s))),
    address: between(html, /<link rel="?canonical"? href="?([^"\s>]*)/),
    menu: links(between(html, /<header>(.*?)<\/header>/s)),
    heading: words(between(html, /<h1[^>]*>(.*?)<\/h1>/s)),
    path: links(between(html, /<nav class="?fil"?.*?>(.*?)<\/nav>/s)),
    facts: [...between(article, /<dl>(.*?)<\/dl>/s).matchAll(/<dt>(.*?)<\/dt>\s*<dd>(.*?)<\/dd>/gs)].map(([, dt, dd]) => `${words(dt)}: ${words(dd)} ${links(dd)}`),
    body: article && words(body),
    elements: elements(body),
    bodyLinks: links(body),
    related: links(between(html, /<aside>(.*?)<\/aside>/s)),
    counts: words(between(html, /<ul class="?types"?>(.*?)<\/ul>/s)),
    list: [...list.matchAll(/<li>(.*?)<\/li>/gs)].map(([, li]) => `${links(li)} ${words(li)}`),
    pagination: links(between(html, /<nav class="?pagination"?>(.*?)<\/nav>/s)),
    place: words(between(html, /<nav class="?pagination"?>(.*?)<\/nav>/s)),
  };
}

const readers = {
  'index.html': readPage,
  'sitemap.xml': xml => ({addresses: [...xml.matchAll(/<loc>(.*?)<\/loc>/g)].map(m => m[1]).sort()}),
  'atom.xml': xml => ({feed: words(xml).replaceAll('+00:00', 'Z'), links: [...xml.matchAll(/href="([^"]*)"/g)].map(m => m[1])}),
  'offres.json': text => ({export: JSON.parse(text, (_, v) => (typeof v === 'string' ? spaced(v) : v)).map(x => JSON.stringify(Object.entries(x).sort()))}),
};
const nameOf = path => path.slice(path.lastIndexOf('/') + 1);
const filesOf = folder => readdirSync(folder, {recursive: true}).filter(path => readers[nameOf(path)]).sort();

const ours = filesOf(one), theirs = new Set(filesOf(other));
const found = [];
let values = 0;
for (const path of ours) {
  if (!theirs.delete(path)) {
    found.push(`${path}: only in ${one}`);
    continue;
  }
  const read = readers[nameOf(path)];
  const a = read(readFileSync(join(one, path), 'utf8')), b = read(readFileSync(join(other, path), 'utf8'));
  for (const key of Object.keys(a)) {
    values += a[key].length > 0;
    if (JSON.stringify(a[key]) !== JSON.stringify(b[key])) {
      const at = Array.isArray(a[key]) ? a[key].findIndex((x, i) => x !== b[key][i]) : -1;
      found.push(`${path}: ${key}: ${at < 0 ? `${a[key]} ≠ ${b[key]}` : `${a[key][at]} ≠ ${b[key][at]}`}`);
    }
  }
}
found.push(...[...theirs].map(path => `${path}: only in ${other}`));
console.log(`# ${ours.length} files compared, ${values} titles, texts and lists that are not empty: ${found.length} differences`);
for (const line of found.slice(0, MOST_SHOWN)) console.log(`#   ${line.slice(0, 400)}`);
process.exit(found.length || !ours.length ? 1 : 0);
