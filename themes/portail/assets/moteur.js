// Le moteur de recherche, sans page : lit l’index que la construction a écrit. Format, classement et emploi : docs/recherche.md.
const LETTRES = { œ: 'oe', æ: 'ae', ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i' };
const MOT = /[\p{L}\p{N}\p{M}]+/gu;
const POIDS = [1, 1.3, 1.6, 4]; // texte, mot, commune, titre
const INCONNU = 65535;
const JOUR = 864e5, ORIGINE = Date.UTC(1990, 0, 1);

export const plier = (s) => s.toLowerCase().normalize('NFKD').replace(/\p{M}/gu, '').replace(/[œæßøłđðþı]/g, (c) => LETTRES[c]);
export const mots = (s) =>
  plier(s).replace(/(^|[^\p{L}\p{N}])((?:[a-z]\.){2,})/gu, (_, avant, sigle) => `${avant + sigle.replace(/\./g, '')} `).match(MOT) || [];

async function lire(url) {
  const r = await fetch(url);
  if (!r.ok) throw new Error(`${url} : ${r.status}`);
  return new Uint8Array(await new Response(r.body.pipeThrough(new DecompressionStream('gzip'))).arrayBuffer());
}
const texte = (b) => new TextDecoder().decode(b);
const entier = (b) => b[0] | b[1] << 8 | b[2] << 16 | b[3] << 24;
const formes = (b) => texte(b.subarray(4, 4 + entier(b))).split('\n');

/** Un morceau de dictionnaire : formes triées, radicaux de chacune, documents de chaque radical. */
function dictionnaire(b) {
  const liste = formes(b), radicaux = [];
  let p = 4 + entier(b);
  const nombre = () => {
    let n = 0, bits = 0, c;
    do n |= ((c = b[p++]) & 127) << bits, bits += 7; while (c > 127);
    return n >>> 0;
  };
  const de = liste.map(() => Array.from({ length: nombre() }, () => {
    const recul = nombre();
    return recul ? radicaux.length - recul : radicaux.push(null) - 1;
  }));
  for (let i = 0; i < radicaux.length; i++) {
    const df = nombre(), taille = nombre();
    radicaux[i] = { df, octets: b.subarray(p, p += taille) };
  }
  return { liste, de, radicaux };
}

/** Appelle f(document, classe) ; au plus deux fois pour un document, la meilleure classe en dernier. */
function parcourir({ df, octets: b }, n, f) {
  let p = 0, doc = 0;
  if (df > n >> 3) for (; p < n + 7 >> 3; p++) for (let bits = b[p], d = p * 8; bits; bits >>= 1, d++) if (bits & 1) f(d, 0);
  while (p < b.length) {
    let v = 0, bits = 0, c;
    do v |= ((c = b[p++]) & 127) << bits, bits += 7; while (c > 127);
    f(doc += v >>> 2, v & 3);
  }
}

/** Distance de Damerau, au plus max. */
function ecart(a, b, max) {
  if (Math.abs(a.length - b.length) > max) return max + 1;
  let avant, haut = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const ligne = [i];
    let moindre = i;
    for (let j = 1; j <= b.length; j++) {
      let v = Math.min(haut[j] + 1, ligne[j - 1] + 1, haut[j - 1] + (a[i - 1] !== b[j - 1]));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) v = Math.min(v, avant[j - 2] + 1);
      moindre = Math.min(moindre, ligne[j] = v);
    }
    if (moindre > max) return max + 1;
    [avant, haut] = [haut, ligne];
  }
  return haut[b.length];
}

/** Premier rang dont la valeur n’est pas avant v. */
function rang(liste, v) {
  let bas = 0, haut = liste.length;
  while (bas < haut) {
    const m = bas + haut >> 1;
    if (liste[m] < v) bas = m + 1; else haut = m;
  }
  return bas;
}

const kilometres = (a, b, c, d) => {
  const r = Math.PI / 180, s = Math.sin((c - a) * r / 2) ** 2 + Math.cos(a * r) * Math.cos(c * r) * Math.sin((d - b) * r / 2) ** 2;
  return 12742.0176 * Math.asin(Math.sqrt(s));
};

const reconnu = (termes, mot) => termes.some((t) => (t.endsWith('*') ? mot.startsWith(t.slice(0, -1)) : t === mot));

/** Un texte en morceaux {t, m} : m vrai sur ce que les termes reconnaissent. */
export function marquer(s, termes) {
  const r = [];
  let fin = 0;
  for (const m of s.matchAll(MOT)) {
    if (!reconnu(termes, plier(m[0]))) continue;
    if (m.index > fin) r.push({ t: s.slice(fin, m.index), m: false });
    r.push({ t: m[0], m: true });
    fin = m.index + m[0].length;
  }
  if (fin < s.length) r.push({ t: s.slice(fin), m: false });
  return r;
}

/** L’endroit du texte qui dit le plus de termes différents. */
function extraire(s, termes, taille = 180) {
  const vus = [...s.matchAll(MOT)].map((m) => ({ i: m.index, mot: plier(m[0]) })).filter((x) => reconnu(termes, x.mot));
  let debut = 0, mieux = 0;
  vus.forEach((x, k) => {
    const ici = new Set();
    for (let j = k; j < vus.length && vus[j].i < x.i + taille - 40; j++) ici.add(vus[j].mot);
    if (ici.size > mieux) [mieux, debut] = [ici.size, x.i];
  });
  debut = debut > 40 ? s.lastIndexOf(' ', debut - 30) + 1 : 0;
  let fin = debut + taille;
  fin = fin < s.length ? Math.max(s.lastIndexOf(' ', fin), debut + 40) : s.length;
  const r = marquer(s.slice(debut, fin), termes);
  if (debut) r.unshift({ t: '… ', m: false });
  if (fin < s.length) r.push({ t: ' …', m: false });
  return r;
}

export async function ouvrir(url) {
  const b = await lire(url), tete = JSON.parse(texte(b.subarray(4, 4 + entier(b)))), { n, largeurs } = tete;
  const dossier = new URL(`${tete.dossier}/`, new URL(url, globalThis.location?.href)), vides = new Set(tete.vides.split(' '));
  let place = 4 + entier(b);
  const colonne = (taille = n) => {
    const l = largeurs.shift(), T = [, Uint8Array, Uint16Array, , Uint32Array][l];
    return new T(b.slice(place, place += taille * l).buffer);
  };
  const type = colonne();
  const facettes = tete.facettes.map(([nom, valeurs, ensembles]) => ({ nom, valeurs, ensembles, colonne: colonne() }));
  facettes.push({ nom: 'type', valeurs: tete.types, ensembles: tete.types.map((_, i) => [i]), colonne: type });
  const debuts = colonne(), publies = colonne(), lieux = colonne();
  const trajets = Object.fromEntries(tete.facultes.map(([cle]) => [cle, colonne()]));
  const lat = colonne(tete.points), lon = colonne(tete.points);
  const morceaux = tete.mots.split(' ');
  const apres = facettes.find((f) => f.nom === tete.apres[0]);
  const derriere = apres ? apres.ensembles.map((e) => e.some((v) => apres.valeurs[v][0] === tete.apres[1])) : [];
  const finsDesTextes = [];
  tete.textes.reduce((s, x) => (finsDesTextes.push(s + x), s + x), 0);

  const cache = {};
  const partie = (nom, f) => (cache[nom] ??= lire(new URL(`${nom}.bin`, dossier)).then(f).catch((e) => { delete cache[nom]; throw e; }));
  const carte = async (id) => (await partie(`c${id / tete.cartes | 0}`, (x) => texte(x).split('\n')))[id % tete.cartes].split('\t');
  const leTexte = async (id) => {
    const k = rang(finsDesTextes, id + 1);
    return (await partie(`x${k}`, (x) => texte(x).split('\x01')))[id - (finsDesTextes[k - 1] ?? 0)];
  };
  const morceau = (i) => partie(`t${i}`, dictionnaire);

  /** Ce que vise un mot : [{radical, poids}], et les formes à marquer. */
  async function viser(mot, prefixe, poids = 1) {
    const vise = [], termes = [];
    let i = Math.max(0, rang(morceaux, `${mot}\0`) - 1);
    do {
      const { liste, de, radicaux } = await morceau(i), debut = rang(liste, mot);
      const exacts = liste[debut] === mot ? de[debut] : [];
      for (const r of exacts) {
        vise.push({ radical: radicaux[r], poids });
        liste.forEach((f, k) => de[k].includes(r) && termes.push(f));
      }
      for (let k = debut; prefixe && k < liste.length && liste[k].startsWith(mot); k++)
        for (const r of de[k]) if (!exacts.includes(r)) vise.push({ radical: radicaux[r], poids: poids / 2 });
    } while (prefixe && morceaux[++i]?.startsWith(mot));
    if (prefixe && vise.length) termes.push(`${mot}*`);
    return vise.length ? { vise, termes } : null;
  }

  /** La forme connue la plus proche d’un mot inconnu. */
  async function corriger(mot) {
    const max = /\d/.test(mot) || mot.length < 4 ? 0 : mot.length > 7 ? 2 : 1;
    const [liste, grandeurs] = max ? await partie('l0', (x) => [formes(x), x.subarray(4 + entier(x))]) : [[]];
    let mieux = Infinity, trouve;
    liste.forEach((f, k) => {
      const e = ecart(mot, f, max);
      if (e > max) return;
      const cout = e * 32 + (f[0] !== mot[0]) * 8 - grandeurs[k];
      if (cout < mieux) [mieux, trouve] = [cout, f];
    });
    return trouve;
  }

  async function comprendre(mot, dernier) {
    const r = await viser(mot, dernier && mot.length > 1) || await viser(mot, mot.length > 2);
    if (r) return r;
    const corrige = await corriger(mot);
    if (corrige) return { ...await viser(corrige, false, 0.6), corrige };
    for (let l = mot.length - 1; l >= Math.max(4, mot.length * 0.6); l--) {
      const x = await viser(mot.slice(0, l), true, 0.8);
      if (x) return x;
    }
    return { vise: [], termes: [] };
  }

  /** Points de chaque document, ceux qui ont tous les mots, et ce qui manque aux autres. */
  async function noter(saisie) {
    const phrases = [...saisie.matchAll(/["«“](.*?)["»”]/g)].map((m) => mots(m[1])).filter((p) => p.length > 1);
    const tous = mots(saisie), utiles = [...new Set(tous)].filter((m) => !vides.has(m)).slice(0, 30);
    if (!utiles.length) return null;
    const fini = /[^\p{L}\p{N}]$/u.test(saisie), compris = await Promise.all(utiles.map((m) => comprendre(m, !fini && m === tous.at(-1))));
    const points = new Float32Array(n), presents = new Uint32Array(n), un = new Float32Array(n);
    compris.forEach(({ vise }, k) => {
      un.fill(0);
      for (const { radical, poids } of vise) {
        const valeurs = POIDS.map((c) => c * poids * Math.log(1 + n / radical.df));
        parcourir(radical, n, (d, c) => { if (valeurs[c] > un[d]) un[d] = valeurs[c]; });
      }
      for (let d = 0; d < n; d++) if (un[d]) points[d] += un[d], presents[d] |= 1 << k;
    });
    const corrections = compris.some((c) => c.corrige) && tous.map((m) => compris[utiles.indexOf(m)]?.corrige ?? m).join(' ');
    const note = { points, presents, complet: 2 ** utiles.length - 1, utiles, tous, phrases, corrige: corrections || null, termes: compris.flatMap((c) => c.termes) };
    if (phrases.length) await exiger(note);
    return note;
  }

  const dit = async (d, suite) => ` ${mots(`${(await carte(d))[1]}\n${await leTexte(d)}`).join(' ')} `.includes(` ${suite.join(' ')} `);

  /** Une expression entre guillemets se vérifie dans les textes : les 300 premiers qui ont ses mots. */
  async function exiger(note) {
    const ids = [...note.points.keys()].filter((d) => note.presents[d] === note.complet).sort((x, y) => note.points[y] - note.points[x] || x - y);
    const oui = await Promise.all(ids.slice(0, 300).map(async (d) => (await Promise.all(note.phrases.map((p) => dit(d, p)))).every(Boolean)));
    ids.forEach((d, i) => { if (!oui[i]) note.presents[d] = 0; });
    note.partiel = ids.length > 300;
  }

  const jours = (iso) => Math.round((Date.parse(iso) - ORIGINE) / JOUR);

  /** Distance ou minutes de chaque document, Infinity quand on ne sait pas ; et la borne. */
  function eloigner(depuis) {
    if (!depuis) return [];
    if (depuis.trajet !== undefined) return [(d) => { const m = trajets[depuis.trajet]?.[d] ?? INCONNU; return m < INCONNU ? m : Infinity; }, depuis.max];
    const km = Array.from(lat, (x, i) => Math.round(kilometres(depuis.lat, depuis.lon, x / 1e4 - 180, lon[i] / 1e4 - 180) * 10) / 10);
    return [(d) => (lieux[d] ? km[lieux[d] - 1] : Infinity), depuis.rayon_km];
  }

  async function chercher({ texte: saisie = '', choix = {}, types = [], depuis, periode, tri = 'pertinence', debut = 0, limite = 10 } = {}) {
    const note = await noter(saisie), [loin, borne] = eloigner(depuis);
    const permis = facettes.map(({ nom, valeurs, ensembles }) => {
      const voulus = nom === 'type' ? types : choix[nom] ?? [];
      return voulus.length ? ensembles.map((e) => (e.length ? e.some((v) => voulus.includes(valeurs[v][0])) : voulus.includes(''))) : null;
    });
    const compte = facettes.map((f) => new Uint32Array(f.ensembles.length));
    const sans = { texte: 0, depuis: 0, periode: 0 }, sansMot = note ? note.utiles.map(() => 0) : [], trouves = [];
    const [min, max] = periode ? [periode.min ? jours(periode.min) : 1, periode.max ? jours(periode.max) : Infinity] : [];
    for (let d = 0; d < n; d++) {
      let manque = 0, qui;
      if (note && note.presents[d] !== note.complet) manque++, qui = 'texte';
      if (borne && loin(d) > borne && ++manque) qui = 'depuis';
      if (periode && !(debuts[d] >= min && debuts[d] <= max) && ++manque) qui = 'periode';
      for (let f = 0; f < permis.length && manque < 2; f++) if (permis[f] && !permis[f][facettes[f].colonne[d]] && ++manque) qui = f;
      if (manque > 1) continue;
      if (!manque) {
        trouves.push(d);
        for (let f = 0; f < compte.length; f++) compte[f][facettes[f].colonne[d]]++;
      } else if (qui >= 0) compte[qui][facettes[qui].colonne[d]]++, sans[facettes[qui].nom] = (sans[facettes[qui].nom] ?? 0) + 1;
      else {
        sans[qui]++;
        const absents = qui === 'texte' ? note.complet & ~note.presents[d] : 0;
        if (absents && !(absents & absents - 1)) sansMot[31 - Math.clz32(absents)]++;
      }
    }
    const ordre = tri === 'titre' ? await rangsDesTitres() : null;
    const cle = { titre: (d) => ordre[d], distance: (d) => loin?.(d) ?? 0, date: (d) => -publies[d], debut: (d) => debuts[d] || INCONNU }[tri];
    const valeur = new Float64Array(n);
    for (const d of trouves) valeur[d] = cle ? cle(d) : note ? -note.points[d] * tete.types[type[d]][2] * (apres && derriere[apres.colonne[d]] ? 0.75 : 1) : 0;
    const avant = (x, y) => valeur[x] - valeur[y] || x - y;
    trouves.sort(avant);
    if (!cle && note?.tous.length > 1 && !note.phrases.length) {
      // Les mots tels qu’ils se suivent dans la saisie valent mieux que dispersés : cela se voit dans les textes des premiers.
      const tete16 = trouves.slice(0, 16);
      await Promise.all(tete16.map(async (d) => { if (await dit(d, note.tous)) valeur[d] *= 1.5; }));
      trouves.splice(0, tete16.length, ...tete16.sort(avant));
    }
    const comptes = Object.fromEntries(facettes.map(({ nom, valeurs, ensembles }, f) => {
      const c = Object.fromEntries(valeurs.map((v) => [v[0], 0]));
      c[''] = 0;
      ensembles.forEach((e, i) => (e.length ? e.forEach((v) => { c[valeurs[v][0]] += compte[f][i]; }) : c[''] += compte[f][i]));
      return [nom, c];
    }));
    const resultats = trouves.slice(debut, debut + limite);
    const proches = trouves.length ? [] : [
      ...Object.entries(sans).map(([contrainte, nombre]) => ({ contrainte, nombre })),
      ...sansMot.map((nombre, k) => ({ contrainte: 'mot', mot: note.utiles[k], nombre })),
    ].filter((p) => p.nombre).sort((x, y) => y.nombre - x.nombre);
    return {
      total: trouves.length, comptes, resultats, proches, corrige: note?.corrige ?? null, termes: note?.termes ?? [], partiel: note?.partiel ?? false,
      distances: resultats.map((d) => { const x = loin?.(d); return Number.isFinite(x) ? x : null; }),
    };
  }

  async function rangsDesTitres() {
    const [T] = [n > 65536 ? Uint32Array : n > 256 ? Uint16Array : Uint8Array], r = new Uint32Array(n);
    new T((await partie('o0', (x) => x)).buffer).forEach((d, i) => { r[d] = i; });
    return r;
  }

  const cartes = (ids, termes) => Promise.all(ids.map(async (id) => {
    const [[adresse, titre, commune, etat, fin], t] = await Promise.all([carte(id), termes && leTexte(id)]);
    const c = { id, type: tete.types[type[id]][0], titre, url: tete.racine + adresse, commune, etat, fin };
    for (const f of facettes) c[f.nom] ??= f.ensembles[f.colonne[id]].map((v) => f.valeurs[v][0]);
    if (termes) c.extrait = extraire(t, termes);
    return c;
  }));

  return {
    n, chercher, cartes,
    facettes: facettes.slice(0, -1).map((f) => ({ nom: f.nom, valeurs: f.valeurs.map(([cle, libelle]) => ({ cle, libelle })), multiple: f.ensembles.some((e) => e.length > 1) })),
    types: tete.types.map(([cle, libelle]) => ({ cle, libelle })),
    facultes: tete.facultes.map(([cle, nom, ville, latitude, longitude]) => ({ cle, nom, ville, lat: latitude ?? null, lon: longitude ?? null })),
  };
}
