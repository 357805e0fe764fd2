// docs/besoins.md: each need of the action sheets, the page that answers it, and what is found there, without JavaScript, on a telephone.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { browser, build, everyPage, pages, root, serve } from './portal.mjs';

/** How many needs the action sheets of each territory name; a need may take several rows. */
const counted = { 'Haute-Gironde': 34, 'Est Cantal': 45, 'Loir-et-Cher': 16, 'Pays vendômois': 21, 'Pays de Saverne': 26 };

/** The tables: heading → rows {line, need, page, selector, fact}. */
function tables(markdown) {
  const found = {};
  let rows;
  markdown.split('\n').forEach((text, i) => {
    if (text.startsWith('## ')) rows = found[text.slice(3).trim()] = [];
    if (!rows || !/^\| *\d/.test(text)) return;
    const cells = text.replace(/^\||\|$/g, '').split('|').map((c) => c.trim());
    rows.push({ line: i + 1, cells: cells.length, number: Number(cells[0]), need: cells[1], page: cells[2], selector: cells[3]?.replace(/^`|`$/g, ''), fact: cells[4] });
  });
  return found;
}

const all = tables(readFileSync(path.join(root, 'docs/besoins.md'), 'utf8'));
const rows = Object.values(all).flat();
const kept = rows.filter((r) => r.page === '—');
const answered = rows.filter((r) => r.page !== '—');
const out = build(root);

test('every table has its needs, numbered from one without a gap', () => {
  for (const [territory, n] of Object.entries(counted)) {
    const numbers = [...new Set((all[territory] || []).map((r) => r.number))];
    assert.deepEqual(numbers, Array.from({ length: n }, (_, i) => i + 1), territory);
  }
});

test('every row is well formed', () => {
  const published = new Set(pages(out));
  for (const r of rows) {
    const at = `line ${r.line}`;
    assert.equal(r.cells, 5, `${at}: five columns`);
    assert.ok(r.need.length >= 3 && r.fact.length >= 1, `${at}: a need and a fact`);
    if (r.page === '—') continue;
    assert.ok(published.has(r.page), `${at}: ${r.page} is a page of the demonstration`);
    assert.ok(!/^(html|body|main|article|#contenu|\*)$/.test(r.selector), `${at}: ${r.selector} designates the whole page`);
  }
  assert.ok(kept.length < 10, 'most needs are answered');
  for (const r of kept) {
    assert.equal(r.selector, '—', `line ${r.line}: no page, no selector`);
    assert.match(r.fact, /^Non publié : .{40}/, `line ${r.line}: why not`);
  }
  const seen = new Set();
  for (const r of answered) {
    const key = `${r.need} ${r.page} ${r.selector} ${r.fact}`;
    assert.ok(!seen.has(key), `line ${r.line}: twice the same`);
    seen.add(key);
  }
});

test('each fact is where the table says, visible on a telephone without JavaScript', async () => {
  const chromium = await browser();
  const server = await serve(out);
  const faults = [];
  try {
    const context = await chromium.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 640 } });
    const byPage = new Map();
    for (const r of answered) byPage.set(r.page, [...(byPage.get(r.page) || []), r]);
    await everyPage([...byPage.keys()], 2, () => context.newPage(), async (url, tab) => {
      await tab.goto(server.origin + url);
      const found = await tab.evaluate((list) => list.map(({ selector, fact }) => {
        const plain = (s) => s.replace(/[\s\u00a0\u202f]+/g, ' ').replaceAll('’', "'");
        const elements = [...document.querySelectorAll(selector)];
        if (elements.length === 0) return 'nothing is selected';
        // A figure alone is the whole of its cell: 5 is not found in 45.
        const holds = /^[\d,]+$/.test(fact) ? (text) => text.trim() === fact : (text) => text.includes(plain(fact));
        const holding = elements.filter((e) => holds(plain(e.textContent)));
        if (holding.length === 0) return `none of the ${elements.length} selected holds it: ${elements.slice(0, 4).map((e) => plain(e.textContent).slice(0, 160)).join(' / ')}`;
        return holding.some((e) => e.checkVisibility()) ? '' : 'it is hidden';
      }), byPage.get(url).map(({ selector, fact }) => ({ selector, fact })));
      byPage.get(url).forEach((r, i) => { if (found[i]) faults.push(`line ${r.line}, ${url} ${r.selector} « ${r.fact} »: ${found[i]}`); });
    });
  } finally {
    server.close();
    await chromium.close();
  }
  assert.ok(faults.length === 0, `${faults.length} of ${answered.length} facts not found\n${faults.join('\n')}`);
});
