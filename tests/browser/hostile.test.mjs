// What a hostile hand writes into every text field of a stage and into its Markdown appears nowhere as live markup, in any output format.
import test from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { browser, build, copySite, files, root } from './portal.mjs';

const payload = '<script>a</script>"onload="b javascript:c </script>';
const quoted = JSON.stringify(payload);

const stage = (territory, place) => `---
titre: ${quoted}
resume: ${quoted}
territoires: [${territory}]
profession: medecin
niveaux: [interne_n1]
lieux:
  - etablissement: ${place}
    jours: ${quoted}
sessions:
  - semestre: 2026-11
    postes: 1
    choix_du: 2026-09-01
    choix_au: 2026-10-20
    ou_choisir: ${quoted}
subdivision: ${quoted}
encadrement: [${quoted}]
indemnites:
  - libelle: ${quoted}
    montant: 300
    unite: par_mois
    condition: ${quoted}
sans_hebergement: ${quoted}
repas: ${quoted}
permanence_des_soins: ${quoted}
comment_choisir: ${quoted}
maj_le: 2026-09-01
---
${payload}

## ${payload}

- *${payload}* et \`${payload}\`

| ${payload} | b |
| --- | --- |
| ${payload} | [${payload.replaceAll('<', '\\<')}](https://exemple.fr/?q=%22onload=%22 "${payload.replaceAll('"', '\\"')}") |

<img src=x onerror=alert(1)>

<div onload="b">x</div>
`;

test('planted markup stays text in every output', async (t) => {
  const site = copySite(root);
  const territory = files(path.join(site, 'content/territoires'))[0].replace('.md', '');
  const place = files(path.join(site, 'content/etablissements'))[0].replace('.md', '');
  writeFileSync(path.join(site, 'content/stages/hostile.md'), stage(territory, place));
  const out = build(site);
  const chromium = await browser();
  t.after(() => chromium.close());
  const page = await (await chromium.newContext({ javaScriptEnabled: true })).newPage();
  await page.goto('about:blank');
  let seen = 0;
  for (const file of files(out).filter((f) => /\.(html|xml|svg)$/.test(f))) {
    const text = readFileSync(path.join(out, file), 'utf8');
    const found = await page.evaluate(([source, type, needle]) => {
      const doc = new DOMParser().parseFromString(source, type);
      const faults = [];
      if (doc.querySelector('parsererror')) faults.push('does not parse: ' + doc.querySelector('parsererror').textContent);
      for (const e of doc.querySelectorAll('*')) {
        for (const a of e.attributes) {
          if (/^on/i.test(a.name)) faults.push(`${e.localName} has ${a.name}`);
          if (/^(href|src|action|formaction|xlink:href)$/.test(a.name) && /^\s*javascript:/i.test(a.value)) faults.push(`${e.localName} ${a.name}=${a.value}`);
        }
        if (e.localName === 'script' && !e.getAttribute('src')) {
          if (!/^application\/(ld\+)?json$/.test(e.getAttribute('type') || '')) faults.push('a live script: ' + e.outerHTML.slice(0, 80));
          else JSON.parse(e.textContent);
        }
        if (/^(iframe|object|embed|base)$/.test(e.localName)) faults.push(e.localName);
        if (e.localName === 'img' && e.getAttribute('src') === 'x') faults.push('a live image');
      }
      return { faults, shown: doc.documentElement.textContent.includes(needle) };
    }, [text, file.endsWith('.html') ? 'text/html' : file.endsWith('.svg') ? 'image/svg+xml' : 'application/xml', '<script>a</script>']);
    assert.deepEqual(found.faults, [], file);
    if (found.shown) seen++;
  }
  assert.ok(seen >= 2, `the planted text is shown, as text, in ${seen} files`);
  for (const file of files(out).filter((f) => /\.(json|geojson)$/.test(f))) JSON.parse(readFileSync(path.join(out, file), 'utf8'));
  for (const file of files(out).filter((f) => f.endsWith('.ics'))) {
    for (const line of readFileSync(path.join(out, file), 'utf8').split('\r\n').slice(0, -1)) {
      assert.match(line, /^( |[A-Z-]+[;:])/, `${file}: ${line}`);
      assert.ok(Buffer.byteLength(line) <= 75, `${file}: a line over 75 octets`);
    }
  }
});

test('a script as the target of a link is an error', () => {
  const site = copySite(root);
  const file = path.join(site, 'content/stages', files(path.join(site, 'content/stages'))[0]);
  writeFileSync(file, readFileSync(file, 'utf8') + '\n[x](javascript:alert(1))\n');
  assert.throws(() => build(site), /exit 1/);
});
