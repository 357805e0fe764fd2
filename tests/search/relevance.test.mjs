// Does what one looks for come first? tests/search/relevance.tsv: a question, how many results are looked at, the addresses that must be
// among them (none: nothing may be found).
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { addresses, build, open, root } from './index.mjs';

const FLOOR = 0.95;
const questions = readFileSync(path.join(root, 'tests/search/relevance.tsv'), 'utf8').split('\n').filter((l) => l && !l.startsWith('#'))
  .map((l) => { const [texte, n, urls] = l.split('\t'); return { texte, n: Number(n), urls: urls.split(' ').filter(Boolean) }; });

test('what one looks for comes first', async (t) => {
  const ix = await open(build(root));
  let reached = 0;
  for (const { texte, n, urls } of questions) {
    const first = await addresses(ix, texte, Math.max(n, 10)), missing = n ? urls.filter((u) => !first.slice(0, n).includes(u)) : first;
    if (!missing.length) reached++;
    else t.diagnostic(`« ${texte} »: ${missing.join(' ')} not among the first ${n}: ${first.slice(0, Math.max(n, 3)).join(' ')}`);
  }
  t.diagnostic(`relevance: ${reached} of ${questions.length} questions, ${(100 * reached / questions.length).toFixed(1)} %`);
  assert.ok(questions.length >= 125);
  assert.ok(reached / questions.length >= FLOOR, `${reached} of ${questions.length}`);
});
