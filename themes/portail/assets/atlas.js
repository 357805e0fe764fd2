// The interactive map (Leaflet), over the places of the page's own list. Loaded by portail.js; docs/theme.md §8 tells what it promises.
const pas = 48;            // pixels between two markers: each keeps 44 to touch
const calme = matchMedia('(prefers-reduced-motion: reduce)').matches;
const { $, el: noeud, cle, memoire, retenir } = globalThis.vitrine;
// Pictures from elsewhere, once agreed to for good: the host that may be asked.
const fond = cle('fond');

function feuille(href) {
  if (document.querySelector(`link[href="${href}"]`)) return null;
  const lien = Object.assign(document.createElement('link'), { rel: 'stylesheet', href });
  return new Promise((fait, echec) => {
    lien.onload = fait;
    lien.onerror = () => { lien.remove(); echec(new Error(href)); };
    document.head.append(lien);
  });
}

/** Pictures of the background. Leaflet puts a data: address into those it drops, which the page's policy refuses: they lose theirs. */
function images(adresse, options) {
  const couche = L.tileLayer(adresse, options);
  couche._removeTile = L.GridLayer.prototype._removeTile;
  couche._abortLoading = function () {
    for (const [cle, { coords, el }] of Object.entries(this._tiles)) {
      if (coords.z === this._tileZoom || el.complete) continue;
      el.onload = el.onerror = null;
      el.removeAttribute('src');
      el.remove();
      delete this._tiles[cle];
    }
  };
  return couche;
}

export async function ouvrir(bouton) {
  const { leaflet, styles, lieux: adresse } = bouton.dataset;
  const [donnees] = await Promise.all([
    fetch(adresse).then((r) => { if (!r.ok) throw new Error(r.status); return r.json(); }),
    import(leaflet), ...styles.split(' ').map(feuille)]);
  new Atlas(bouton, donnees);
}

class Atlas {
  constructor(bouton, donnees) {
    this.bouton = bouton;
    this.fin = new AbortController();
    this.zone = document.querySelector('.plan-et-liste');
    this.vive = document.getElementById('atlas').content.cloneNode(true).firstElementChild;
    this.mots = this.vive.dataset;
    this.nombre = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    this.lire(donnees);
    this.zone.classList.add('ouverte');
    this.zone.prepend(this.vive);
    bouton.hidden = true;
    this.dessiner(donnees);
    this.ecouter();
    this.filtrer();
    this.trouver('.vive-carte').focus({ preventScroll: true });
    this.vive.scrollIntoView({ block: 'nearest', behavior: calme ? 'auto' : 'smooth' });
  }

  trouver(selecteur) { return $(selecteur, this.vive); }

  lire({ features }) {
    this.lieux = features.filter((f) => f.geometry.type === 'Point').map((f) => ({
      n: f.id, ...f.properties, place: L.latLng(f.geometry.coordinates[1], f.geometry.coordinates[0]), ligne: document.getElementById(`lieu-${f.id}`),
    }));
    this.reperes = {};
    for (const r of this.vive.querySelectorAll('[data-repere]')) {
      this.reperes[r.dataset.repere] = r;
      r.remove();
    }
    this.cases = [...document.querySelectorAll('.couches input')];
    this.choix = [...this.vive.querySelectorAll('[data-filtre]')];
  }

  // --- the map itself ---

  dessiner({ features }) {
    const cadre = this.trouver('.vive-carte');
    const carte = this.carte = L.map(cadre, {
      attributionControl: false, zoomControl: false, zoomAnimation: !calme, fadeAnimation: false, markerZoomAnimation: !calme, inertia: !calme,
      scrollWheelZoom: false, zoomSnap: 0.5, maxZoom: 18, closePopupOnClick: true,
    });
    L.control.zoom({ zoomInTitle: this.mots.plus, zoomOutTitle: this.mots.moins }).addTo(carte);
    L.control.scale({ imperial: false }).addTo(carte);
    const bornes = L.latLngBounds(this.lieux.map((l) => l.place));
    for (const f of features) {
      if (!f.properties.contour) continue;
      const trait = L.geoJSON(f, { interactive: false, style: { className: f.geometry.type === 'MultiPolygon' ? 'vive-contour' : 'vive-limite' } }).addTo(carte);
      bornes.extend(trait.getBounds());
    }
    this.bornes = bornes;
    carte.fitBounds(bornes, { padding: [24, 24], maxZoom: 13, animate: false });
    carte.setMinZoom(Math.min(carte.getZoom(), 13) - 1).setMaxBounds(bornes.pad(0.6));
    this.poses = L.layerGroup().addTo(carte);
    this.grappes = [];
  }

  /** Groups of places that would touch one another at this zoom: each stands where its first place is. */
  grouper() {
    const carte = this.carte, zoom = carte.getZoom(), grille = new Map(), r = [];
    for (const l of this.lieux) {
      if (!l.vu) continue;
      const p = carte.project(l.place, zoom), cx = Math.floor(p.x / pas), cy = Math.floor(p.y / pas);
      let groupe;
      for (let x = cx - 1; x <= cx + 1 && !groupe; x++) {
        for (let y = cy - 1; y <= cy + 1 && !groupe; y++) groupe = grille.get(`${x},${y}`)?.find((g) => g.p.distanceTo(p) < pas);
      }
      if (groupe) groupe.lieux.push(l);
      else {
        const cle = `${cx},${cy}`;
        groupe = { p, place: l.place, lieux: [l] };
        if (!grille.has(cle)) grille.set(cle, []);
        grille.get(cle).push(groupe);
        r.push(groupe);
      }
    }
    return r;
  }

  /** Puts the markers in view on the map, in the order of the list, and gives the focus back to whom had it. */
  poser() {
    const vue = this.carte.getBounds().pad(0.2);
    const groupes = this.grappes.filter((g) => vue.contains(g.place));
    const cle = groupes.map((g) => g.lieux.map((l) => l.n).join('+')).join(' ');
    if (cle === this.cle) return;
    this.cle = cle;
    const tenait = this.lieux.find((l) => l.repere && l.repere === document.activeElement);
    this.poses.clearLayers();
    for (const l of this.lieux) l.repere = null;
    for (const g of groupes) this.repere(g);
    if (tenait) (tenait.repere ?? this.trouver('.vive-carte')).focus({ preventScroll: true });
    this.marquer();
  }

  repere(g) {
    const [l] = g.lieux, seul = g.lieux.length === 1;
    let dessin;
    if (seul) {
      dessin = this.reperes[l.couche].cloneNode(true);
      dessin.querySelector('text').textContent = l.n;
    } else dessin = noeud('span', {}, String(g.lieux.length));
    const marque = L.marker(g.place, {
      icon: L.divIcon({ className: seul ? 'vive-repere' : 'vive-repere vive-grappe', html: dessin, iconSize: [44, 44] }),
      riseOnHover: true, zIndexOffset: -10 * l.n,
    }).addTo(this.poses);
    const e = marque.getElement();
    e.setAttribute('aria-label', seul ? `${l.n}, ${l.titre}, ${l.type}` : this.mots.grappe.replace('{n}', g.lieux.length));
    for (const x of g.lieux) x.repere = e;
    marque.on('click', () => this.activer(g, e));
    e.addEventListener('keydown', (k) => {
      if (k.key !== ' ' && k.key !== 'Enter') return;
      k.preventDefault();
      k.stopPropagation();
      this.activer(g, e);
    });
    e.addEventListener('focus', () => { if (e.matches(':focus-visible')) this.carte.panInside(g.place, { padding: [60, 60] }); });
  }

  activer(g, e) {
    if (g.lieux.length === 1) { this.montrer(g.lieux[0], e); return; }
    const bornes = L.latLngBounds(g.lieux.map((l) => l.place)), zoom = this.carte.getZoom(), fond = this.carte.getMaxZoom();
    const etendue = this.carte.project(bornes.getNorthWest(), fond).distanceTo(this.carte.project(bornes.getSouthEast(), fond));
    if (etendue < pas || zoom >= fond) { this.ensemble(g, e); return; }
    e.focus({ preventScroll: true });
    this.carte.setView(bornes.getCenter(), Math.max(zoom + 1, Math.min(fond, this.carte.getBoundsZoom(bornes.pad(0.2)))));
  }

  // --- what one place says ---

  bulle(place, contenu, titre, retour) {
    const boite = noeud('div', { role: 'dialog', 'aria-label': titre, tabindex: -1 }, ...contenu);
    this.retour = retour;
    this.boite = boite;
    L.popup({ closeButton: false, maxWidth: 280, minWidth: 200, autoPanPadding: [12, 12], offset: [0, -12] }).setLatLng(place).setContent(boite).openOn(this.carte);
    boite.focus({ preventScroll: true });
  }

  fermer() {
    const b = noeud('button', { type: 'button', class: 'vive-lien' }, this.mots.fermer);
    b.addEventListener('click', () => this.revenir());
    return b;
  }

  revenir() {
    this.carte.closePopup();
    const vers = this.retour?.isConnected ? this.retour : this.choisi?.repere;
    (vers ?? this.trouver('.vive-carte')).focus({ preventScroll: true });
  }

  montrer(l, retour) {
    this.choisi = l;
    this.marquer();
    const proches = noeud('button', { type: 'button', class: 'vive-lien' }, this.mots.proches);
    proches.addEventListener('click', () => this.trouver('.vive-proches h3').focus());
    this.bulle(l.place, [
      noeud('p', {}, noeud('a', { href: l.url }, l.titre)),
      noeud('p', { class: 'discret' }, [l.type, l.commune].filter(Boolean).join(', ')),
      noeud('p', { class: 'vive-suite' }, ...(this.voisins(l) ? [proches] : []), this.fermer())], l.titre, retour);
  }

  /** Places that no zoom takes apart. */
  ensemble(g, retour) {
    const titre = this.mots.ensemble.replace('{n}', g.lieux.length);
    const liste = noeud('ul', {}, ...g.lieux.map((l) => {
      const b = noeud('button', { type: 'button', class: 'vive-lien' }, l.titre);
      b.addEventListener('click', () => this.montrer(l, retour));
      return noeud('li', {}, b);
    }));
    this.bulle(g.place, [noeud('p', {}, noeud('strong', {}, titre)), liste, noeud('p', { class: 'vive-suite' }, this.fermer())], titre, retour);
  }

  /** The five nearest of what the map shows, below it. False when there is none. */
  voisins(l) {
    const autres = this.lieux.filter((x) => x !== l && x.vu).map((x) => ({ x, km: l.place.distanceTo(x.place) / 1000 }))
      .sort((a, b) => a.km - b.km || a.x.n - b.x.n).slice(0, 5);
    const cadre = this.trouver('.vive-proches');
    cadre.hidden = autres.length === 0;
    cadre.querySelector('h3').textContent = this.mots.prochesDe.replace('{titre}', l.titre);
    (cadre.querySelector('ol') ?? cadre.appendChild(noeud('ol', {}))).replaceChildren(...autres.map(({ x, km }) => {
      const b = noeud('button', { type: 'button', class: 'vive-lien' }, x.titre);
      b.addEventListener('click', () => { this.aller(x); this.montrer(x, this.trouver('.vive-proches h3')); });
      return noeud('li', {}, b, `${[x.type, x.commune].filter(Boolean).join(', ')}, ${this.mots.km.replace('{km}', this.nombre.format(km))}`);
    }));
    return autres.length > 0;
  }

  aller(l) {
    if (this.carte.getBounds().pad(-0.15).contains(l.place)) return;
    this.carte.panTo(l.place, { animate: false });
  }

  marquer() {
    for (const l of this.lieux) {
      l.repere?.classList.toggle('choisi', l === this.choisi || (l.repere === this.choisi?.repere));
      l.ligne?.classList.toggle('choisi', l === this.choisi);
    }
    // Where the list scrolls by itself, it shows the place; elsewhere the page stays where it is.
    const ligne = this.choisi?.ligne, liste = ligne?.closest('.liste-carte');
    if (liste && liste.scrollHeight > liste.clientHeight) liste.scrollTop = ligne.offsetTop - liste.clientHeight / 3;
  }

  // --- what is shown: layers and filters, on the map and in the list ---

  filtrer() {
    const couches = new Set(this.cases.filter((c) => c.checked).map((c) => c.dataset.couche));
    const voulu = Object.fromEntries(this.choix.map((s) => [s.dataset.filtre, s.value]));
    for (const l of this.lieux) {
      const retenu = (!voulu.profession || !l.profession || l.profession === voulu.profession) && (!voulu.territoires || l.territoires.includes(voulu.territoires));
      l.vu = retenu && couches.has(l.couche);
      if (l.ligne) l.ligne.hidden = !retenu;
    }
    for (const s of document.querySelectorAll('.liste-carte section')) s.hidden = !s.querySelector('li:not([hidden])');
    const vus = this.lieux.filter((l) => l.vu);
    if (this.choisi && !this.choisi.vu) {
      this.choisi = null;
      this.carte.closePopup();
      this.trouver('.vive-proches').hidden = true;
    } else if (this.choisi) this.voisins(this.choisi);
    if (vus.length && voulu.territoires !== this.territoire) {
      this.territoire = voulu.territoires;
      this.carte.fitBounds(voulu.territoires ? L.latLngBounds(vus.map((l) => l.place)) : this.bornes, { padding: [24, 24], maxZoom: 13, animate: false });
    }
    this.trouver('[data-dit]').textContent = vus.length > 1 ? this.mots.compte.replace('{n}', vus.length) : vus.length ? this.mots.un : this.mots.aucun;
    this.grappes = this.grouper();
    this.poser();
  }

  ecouter() {
    const { signal } = this.fin, carte = this.carte, cadre = this.trouver('.vive-carte');
    for (const e of [...this.cases, ...this.choix]) e.addEventListener('change', () => this.filtrer(), { signal });
    this.trouver('[data-simple]').addEventListener('click', () => this.quitter());
    carte.on('zoomend', () => { this.grappes = this.grouper(); this.poser(); });
    carte.on('moveend', () => this.poser());
    // Who scrolls the page passes over the map; who has clicked on it means it.
    carte.on('mousedown', () => carte.scrollWheelZoom.enable());
    carte.on('blur', () => carte.scrollWheelZoom.disable());
    cadre.addEventListener('keydown', (k) => this.touche(k));
    this.fond();
  }

  /** Arrows, + and − also from a marker; Leaflet hears them on the frame alone. Escape closes what is open. */
  touche(k) {
    if (k.key === 'Escape' && this.boite?.isConnected) {
      k.preventDefault();
      this.revenir();
      return;
    }
    if (!k.target.classList.contains('vive-repere') || k.altKey || k.ctrlKey || k.metaKey) return;
    const pan = { ArrowLeft: [-80, 0], ArrowRight: [80, 0], ArrowUp: [0, -80], ArrowDown: [0, 80] }[k.key];
    if (pan) this.carte.panBy(pan, { animate: !calme });
    else if (k.key === '+' || k.key === '=') this.carte.zoomIn();
    else if (k.key === '-') this.carte.zoomOut();
    else return;
    k.preventDefault();
  }

  // --- the background, when asked for ---

  fond() {
    const f = this.trouver('.vive-fond');
    if (!f) return;
    const bouton = $('button', f), durable = $('input', f), mention = this.trouver('.vive-mention');
    let couche = null;
    const garder = () => {
      if (!couche || !durable.checked) memoire?.removeItem(fond);
      else if (!retenir(fond, f.dataset.hote)) this.trouver('[data-dit]').textContent = document.body.dataset.refus;
    };
    const montrer = (oui) => {
      if (oui) couche = images(f.dataset.url, { maxNativeZoom: +f.dataset.zoom, maxZoom: 18, className: 'vive-images' }).addTo(this.carte);
      else couche = couche.remove() && null;
      // Pictures between two steps of the zoom are blurred.
      this.carte.options.zoomSnap = oui ? 1 : 0.5;
      if (oui) this.carte.setZoom(Math.floor(this.carte.getZoom()), { animate: false });
      mention.hidden = !oui;
      this.vive.classList.toggle('avec-fond', oui);
      bouton.textContent = oui ? bouton.dataset.masquer : bouton.dataset.afficher;
      garder();
    };
    bouton.addEventListener('click', () => montrer(!couche));
    durable.addEventListener('change', garder);
    if (memoire?.getItem(fond) === f.dataset.hote) {
      durable.checked = true;
      montrer(true);
    }
  }

  /** Back to the drawn map, with all of the list. */
  quitter() {
    this.fin.abort();
    this.carte.remove();
    this.vive.remove();
    this.zone.classList.remove('ouverte');
    for (const l of this.lieux) {
      l.ligne?.classList.remove('choisi');
      if (l.ligne) l.ligne.hidden = false;
    }
    for (const s of document.querySelectorAll('.liste-carte section')) s.hidden = false;
    this.bouton.hidden = false;
    this.bouton.focus();
  }
}
