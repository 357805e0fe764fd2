// Le moteur de recherche, sans page : lit l’index que la construction a écrit. Format, emploi, classement : docs/recherche.md.
const LETTRES = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const MOT = /[\p{L}\p{N}\p{M}]+/gu;

export const plier = (s) => s.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/\P{ASCII}/gu, (c) => LETTRES[c] ?? c);
export const mots = (s) => plier(s).replace(/(?<![\p{L}\p{N}])([a-z]\.){2,}/gu, (sigle) => sigle.replaceAll('.', '') + ' ').match(MOT) ?? [];

async function lire(url) {
  const r = await fetch(url);
  if (!r.ok) throw Error(url + ' : ' + r.status);
  return new Uint8Array(await new Response(r.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}
const decoder = (b, de, a) => new TextDecoder().decode(b.subarray(de, a));
const tete = (b) => 4 + new DataView(b.buffer).getUint32(0, true);
const formes = (b) => decoder(b, 4, tete(b)).split('\n');

const nombres = (b, p = 0) => ({
  fini: () => p >= b.length,
  suite: (n) => b.subarray(p, p += n),
  lire() {
    let n = 0, bits = 0, c;
    do n |= ((c = b[p++]) & 127) << bits, bits += 7; while (c > 127);
    return n;
  },
});

function dictionnaire(b) {
  const liste = formes(b), radicaux = [], l = nombres(b, tete(b));
  const de = liste.map(() => Array.from({ length: l.lire() }, () => {
    const recul = l.lire();
    return recul ? radicaux.length - recul : radicaux.push(0) - 1;
  }));
  return { liste, de, radicaux: radicaux.map(() => ({ df: l.lire(), octets: l.suite(l.lire()) })) };
}

const empreinte = (s) => [...s].reduce((n, c) => n | 1 << c.charCodeAt() % 32, 0);

function ecart(a, b, max) {
  if (Math.abs(a.length - b.length) > max) return 9;
  let avant, haut = [...b, 0].map((_, j) => j);
  for (let i = 0; i < a.length; i++) {
    const ligne = [i + 1];
    for (let j = 0; j < b.length; j++) {
      let v = Math.min(haut[j + 1] + 1, ligne[j] + 1, haut[j] + (a[i] !== b[j]));
      if (i && j && a[i] === b[j - 1] && a[i - 1] === b[j]) v = Math.min(v, avant[j - 1] + 1);
      ligne.push(v);
    }
    if (Math.min(...ligne) > max) return 9;
    avant = haut;
    haut = ligne;
  }
  return haut[b.length];
}

function rang(liste, v) {
  let bas = 0, haut = liste.length;
  while (bas < haut) {
    const m = bas + haut >> 1;
    if (liste[m] < v) bas = m + 1; else haut = m;
  }
  return bas;
}

const reperer = (s, termes) => [...s.matchAll(MOT)].filter(({ 0: m }) => (m = plier(m), termes.some((t) => (t.at(-1) === '*' ? m.startsWith(t.slice(0, -1)) : t === m))));

export function marquer(s, termes) {
  const r = [];
  let fin = 0;
  const ajouter = (a, m) => a > fin && r.push({ t: s.slice(fin, fin = a), m });
  for (const m of reperer(s, termes)) ajouter(m.index), ajouter(m.index + m[0].length, true);
  ajouter(s.length);
  return r;
}

function extraire(tout, termes) {
  const corps = tout.split('\n', 2).join('\n'), s = reperer(corps, termes)[0] ? corps : tout, vus = reperer(s, termes);
  let debut = 0, mieux = 0;
  for (const { index } of vus) {
    const n = new Set(vus.filter((x) => x.index >= index && x.index < index + 140).map((x) => plier(x[0]).slice(0, 4))).size;
    if (n > mieux) [mieux, debut] = [n, index];
  }
  debut = debut > 40 ? s.lastIndexOf(' ', debut - 30) + 1 : 0;
  const fin = s.length > debut + 180 ? s.lastIndexOf(' ', debut + 180) : s.length;
  return marquer((debut ? '… ' : '') + s.slice(debut, fin).replace(/\n/g, ' · ') + (fin < s.length ? ' …' : ''), termes);
}

export async function ouvrir(url) {
  const principal = await lire(url), { n, largeurs, types, textes, apres, ...t } = JSON.parse(decoder(principal, 4, tete(principal)));
  const dossier = new URL(t.dossier + '/', new URL(url, globalThis.location?.href)), vides = t.vides.split(' '), debutsDesMots = t.mots.split(' ');
  const cache = {};
  const partie = (nom, f) => (cache[nom] ??= lire(new URL(nom + '.bin', dossier)).then(f).catch((e) => { delete cache[nom]; throw e; }));
  const colonnes = (b, p, k, ...tailles) => tailles.map((x) => {
    const l = largeurs[k++];
    return new [, Uint8Array, Uint16Array, , Uint32Array][l](b.slice(p, p += x * l).buffer);
  });
  // cles : celles de chaque ensemble de valeurs ; '' : on ne sait pas.
  const facettes = [{ nom: 'type', valeurs: types, cles: types.map(([cle]) => [cle]) },
    ...t.facettes.map(([nom, valeurs, ensembles]) => ({ nom, valeurs, cles: ensembles.map((e) => (e.length ? e.map((v) => valeurs[v][0]) : [''])) }))];
  const lues = colonnes(principal, tete(principal), 0, ...facettes.map(() => n), ...t.facultes.map(() => n)), minutes = lues.slice(facettes.length);
  const annexe = (nom, k, ...tailles) => partie(nom, (b) => colonnes(b, 0, lues.length + k, ...tailles));
  const derriere = facettes.findIndex((f) => f.nom === apres[0]), moins = facettes[derriere]?.cles.map((e) => (e.includes(apres[1]) ? 0.75 : 1));

  const carte = async (id) => (await partie('c' + (id / t.cartes | 0), (b) => decoder(b).split('\n')))[id % t.cartes].split('\t');
  async function leTexte(id) {
    let k = 0;
    while (id >= textes[k]) id -= textes[k++];
    return (await partie('x' + k, (b) => decoder(b).split('\x01')))[id];
  }

  function parcourir({ df, octets }, f) {
    const plein = df > n >> 3 ? n + 7 >> 3 : 0, l = nombres(octets, plein);
    for (let p = 0; p < plein; p++) for (let bits = octets[p], d = p * 8; bits; bits >>= 1, d++) if (bits & 1) f(d, 0);
    for (let d = 0, v; !l.fini(); f(d += v >>> 2, v & 3)) v = l.lire();
  }

  async function viser(mot, debutDeMot, poids = 1) {
    const vise = [], termes = debutDeMot ? [mot + '*'] : [];
    let i = Math.max(0, rang(debutsDesMots, mot + '\0') - 1);
    do {
      const { liste, de, radicaux } = await partie('t' + i, dictionnaire), k = rang(liste, mot), exacts = liste[k] === mot ? de[k] : [];
      for (const r of exacts) vise.push([radicaux[r], poids]), termes.push(...liste.filter((_, j) => de[j].includes(r)));
      for (let j = k; debutDeMot && liste[j]?.startsWith(mot); j++) for (const r of de[j]) if (!exacts.includes(r)) vise.push([radicaux[r], poids / 2]);
    } while (debutDeMot && debutsDesMots[++i]?.startsWith(mot));
    return vise.length ? { vise, termes } : null;
  }

  async function corriger(mot) {
    const max = /\d/.test(mot) || mot.length < 4 ? 0 : mot.length > 7 ? 2 : 1;
    let mieux = 99, trouve;
    if (max) {
      const [liste, grandeurs, lettres] = await partie('l0', (b) => [formes(b), b.subarray(tete(b)), Uint32Array.from(formes(b), empreinte)]), siennes = empreinte(mot);
      liste.forEach((f, k) => {
        let x = lettres[k] ^ siennes, n = 0;
        for (; x; x &= x - 1) n++;
        if (n > 2 * max) return;
        const cout = ecart(mot, f, max) * 32 + (f[0] !== mot[0]) * 8 - grandeurs[k];
        if (cout < mieux) [mieux, trouve] = [cout, f];
      });
    }
    return trouve;
  }

  async function comprendre(mot, dernier) {
    const connu = await viser(mot, dernier && mot[1]), corrige = connu ? 0 : await corriger(mot);
    if (connu) return connu;
    if (corrige) return { ...await viser(corrige, false, 0.6), corrige };
    for (let l = mot.length; l > 2 && l >= mot.length * 0.6; l--) {
      const x = await viser(mot.slice(0, l), true, 0.8);
      if (x) return x;
    }
    return { vise: [], termes: [] };
  }

  const plies = [];
  const dit = async (d, suite) => (plies[d] ??= [(await carte(d))[1], ...(await leTexte(d)).split('\n')].map((s) => ` ${mots(s).join(' ')} `).join('\n')).includes(` ${suite.join(' ')} `);

  async function noter(saisie) {
    const tous = mots(saisie), utiles = [...new Set(tous)].filter((m) => !vides.includes(m)).slice(0, 30), phrases = [...saisie.matchAll(/["«“](.*?)["»”]/g)].map((m) => mots(m[1]));
    if (!utiles.length) return {};
    const compris = await Promise.all(utiles.map((m) => comprendre(m, m === tous.at(-1) && /[\p{L}\p{N}]$/u.test(saisie))));
    const points = new Float32Array(n), presents = new Uint32Array(n), un = new Float32Array(n), complet = 2 ** utiles.length - 1;
    compris.forEach(({ vise }, k) => {
      un.fill(0);
      for (const [radical, poids] of vise) {
        const valeurs = [1, 1.3, 1.6, 4].map((c) => c * poids * Math.log(1 + n / radical.df));
        parcourir(radical, (d, c) => { if (valeurs[c] > un[d]) un[d] = valeurs[c]; });
      }
      for (let d = 0; d < n; d++) if (un[d]) points[d] += un[d], presents[d] |= 1 << k;
    });
    if (phrases.length) {
      // Une expression entre guillemets se vérifie dans les textes des 300 premiers qui ont tous les mots.
      const ids = [...points.keys()].filter((d) => presents[d] === complet).sort((x, y) => points[y] - points[x] || x - y);
      await Promise.all(ids.map(async (d, i) => { if (i > 299 || (await Promise.all(phrases.map((p) => dit(d, p)))).includes(false)) presents[d] = 0; }));
    }
    const corrige = compris.some((c) => c.corrige) ? tous.map((m) => compris[utiles.indexOf(m)]?.corrige ?? m).join(' ') : null;
    return { points, presents, complet, utiles, corrige, termes: compris.flatMap((c) => c.termes), suite: tous[1] && !phrases.length && tous };
  }

  async function eloigner({ trajet, lat: a, lon: b }) {
    if (trajet) {
      const durees = minutes[t.facultes.findIndex(([cle]) => cle === trajet)];
      return (d) => (durees?.[d] < 65535 ? durees[d] : Infinity);
    }
    const [lieux, lat, lon] = await annexe('g0', 0, n, t.points, t.points), r = Math.PI / 180;
    const km = Array.from(lat, (x, i) => {
      const c = x / 1e4 - 180, s = Math.sin((c - a) * r / 2) ** 2 + Math.cos(a * r) * Math.cos(c * r) * Math.sin((lon[i] / 1e4 - 180 - b) * r / 2) ** 2;
      return Math.round(127420.176 * Math.asin(Math.sqrt(s))) / 10;
    });
    return (d) => (lieux[d] ? km[lieux[d] - 1] : Infinity);
  }

  const ranger = (ids, valeur) => Array.from(Float64Array.from(ids, (d) => Math.round(Math.min(valeur(d), 1e6) * 1e4) * n + d).sort(), (x) => (x % n + n) % n);

  async function chercher({ texte = '', choix = {}, depuis, tri, debut = 0, limite = 10 } = {}) {
    const { points, presents, complet, utiles, suite, corrige = null, termes = [] } = await noter(texte), loin = depuis && await eloigner(depuis), borne = depuis?.rayon_km ?? depuis?.max ?? Infinity;
    const permis = facettes.map(({ nom, cles }) => choix[nom]?.length && cles.map((e) => e.some((c) => choix[nom].includes(c))));
    const compte = facettes.map((f) => new Uint32Array(f.cles.length)), sans = {}, sansMot = {}, trouves = [], ajouter = (a, x) => { a[x] = (a[x] ?? 0) + 1; };
    for (let d = 0; d < n; d++) {
      let manque = 0, qui, f = facettes.length;
      const absents = presents ? complet & ~presents[d] : 0;
      if (absents) manque++, qui = 'texte';
      if (loin && loin(d) > borne) manque++, qui = 'depuis';
      while (f-- && manque < 2) if (permis[f] && !permis[f][lues[f][d]]) manque++, qui = f;
      if (manque > 1) continue;
      if (!manque) {
        trouves.push(d);
        for (f = 0; f < compte.length; f++) compte[f][lues[f][d]]++;
      } else {
        if (qui >= 0) compte[qui][lues[qui][d]]++, qui = facettes[qui].nom;
        ajouter(sans, qui);
        // Le numéro d’un mot n’est entier que s’il manque seul.
        const mot = absents && utiles[Math.log2(absents)];
        if (mot) ajouter(sansMot, mot);
      }
    }
    const dates = (tri === 'date' || tri === 'debut') && await annexe('d0', 3, n, n), ordre = new Uint32Array(n);
    if (tri === 'titre') (await annexe('o0', 5, n))[0].forEach((d, i) => { ordre[d] = i; });
    const cle = { titre: (d) => ordre[d], distance: loin, date: (d) => -dates[1][d], debut: (d) => dates[0][d] || 65535 }[tri];
    const valeur = cle ?? ((d) => (points ? -points[d] * types[lues[0][d]][2] * (moins ? moins[lues[derriere][d]] : 1) : 0));
    let rangs = ranger(trouves, valeur);
    if (!cle && suite) {
      // Des mots qui se suivent comme dans la saisie valent mieux que dispersés : cela se lit dans les textes des premiers.
      const premiers = rangs.slice(0, 16), suivis = await Promise.all(premiers.map((d) => dit(d, suite)));
      rangs = [...ranger(premiers, (d) => valeur(d) * (suivis[premiers.indexOf(d)] ? 1.5 : 1)), ...rangs.slice(16)];
    }
    const comptes = {}, resultats = rangs.slice(debut, debut + limite), nommer = (a, f) => Object.entries(a).map(([x, nombre]) => ({ ...f(x), nombre }));
    facettes.forEach(({ nom, valeurs, cles }, f) => {
      const c = comptes[nom] = { '': 0 };
      for (const [k] of valeurs) c[k] = 0;
      cles.forEach((e, i) => e.forEach((k) => { c[k] += compte[f][i]; }));
    });
    return {
      total: trouves.length, comptes, resultats, corrige, termes,
      proches: trouves.length ? [] : [...nommer(sans, (contrainte) => ({ contrainte })), ...nommer(sansMot, (mot) => ({ contrainte: 'mot', mot }))].sort((x, y) => y.nombre - x.nombre),
      distances: resultats.map((d) => (loin?.(d) < Infinity ? loin(d) : null)),
    };
  }

  const cartes = (ids, termes) => Promise.all(ids.map(async (id) => {
    const [[adresse, titre, commune, etat, fin], corps] = await Promise.all([carte(id), termes && leTexte(id)]);
    const c = { id, titre, url: t.racine + adresse, commune, etat, fin };
    facettes.forEach(({ nom, cles }, f) => { c[nom] ??= cles[lues[f][id]].filter(Boolean); });
    if (termes) c.extrait = extraire(corps, termes);
    return c;
  }));

  return { n, chercher, cartes, facettes: facettes.map(({ nom, valeurs }) => ({ nom, valeurs: valeurs.map(([cle, libelle, , situes]) => ({ cle, libelle, situes })) })) };
}
