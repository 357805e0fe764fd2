-- The poster of a territory, put together from drawn layers as its field
-- `affiche` says: sky, relief, water, vegetation, monument, detail, and one word.
-- Everything is drawn once on a canvas of 1600 × 1180; a format is a window on
-- it. All windows end at the foot of the canvas, where the dark ground carries
-- the word: no monument reaches down there.
local couleurs = require("couleurs")
local fonds = require("affiche_fonds")
local plantes = require("affiche_plantes")
local monuments = require("affiche_monuments")
local ciels = require("affiche_ciels")

local m = {}

-- Windows: large for a page's head, partage for sharing (1200 × 630), carte for
-- lists, apercu for the preview of a link (partage without the word), papier for print: A4 with a margin, and room for a line under the picture.
m.formats = {
  large   = {x = 60, y = 292, l = 1480, h = 888},
  partage = {x = 0, y = 340, l = 1600, h = 840},
  carte   = {x = 440, y = 130, l = 840, h = 1050},
  apercu  = {x = 0, y = 262, l = 1600, h = 840, sans_mot = true},
  papier  = {x = 440, y = -8, l = 840, h = 1188, feuille = {x = 380, y = -68, l = 960, h = 1358}},
}
-- Where the word may stand, from the left and right edges of the window.
local marge = 56
m.mot_haut, m.mot_bas = 1024, 1150

-- Widths of capitals in a serif face, in thousandths of the size: wide on
-- purpose, since the visitor's fonts are not known.
local largeurs = {[utf8.codepoint(" ")] = 330}
local function noter(de, a, l)
  for code = de, a do largeurs[code] = l end
end
noter(0xC0, 0xFF, 1020)       -- accented letters count as wide
noter(0x140, 0x17F, 1020)
noter(0x2000, 0x206F, 430)    -- typographic signs as narrow
for _, code in utf8.codes("IJil.,;:!'|-") do largeurs[code] = 430 end
for _, code in utf8.codes("MWmw@") do largeurs[code] = 1020 end
local function largeur(mot)
  local n = 0
  for _, code in utf8.codes(mot) do n = n + (largeurs[code] or 790) end
  return n
end

-- Two lines as even as can be, cut at a space or after a hyphen, or one when there is none; and how wide the wider one is.
local function couper(mot, large)
  local lignes, mieux, avant, debut = {mot}, large, 0, 1
  for fin in mot:gmatch("[ -]()") do
    local espace = mot:byte(fin - 1) == 32
    avant, debut = avant + largeur(mot:sub(debut, fin - 1)), fin
    local plus = math.max(espace and avant - largeurs[32] or avant, large - avant)
    if fin > 2 and plus < mieux then lignes, mieux = {mot:sub(1, espace and fin - 2 or fin - 1), mot:sub(fin)}, plus end
  end
  return lignes, mieux
end

-- The word on one line or two, as large as its place allows:
-- {taille, lignes = {{texte, x, y, longueur}}}, longueur being never more than the place.
local function composer_mot(mot, f)
  local place, centre = f.l - 2 * marge, f.x + f.l / 2
  local lignes = {majuscules(typo(mot))}
  local large = largeur(lignes[1])
  if large / 1000 * 64 > place then lignes, large = couper(lignes[1], large) end
  local taille = math.min(#lignes == 1 and 118 or 66, math.floor(place / (large / 1000)))
  local r = {taille = taille, lignes = {}}
  for i, l in ipairs(lignes) do
    local y = #lignes == 1 and 1087 + taille * 0.35 or 1080 + (i - 1) * taille * 1.06
    r.lignes[i] = {texte = l, x = math.floor(centre), y = math.floor(y), longueur = math.floor((#lignes == 1 and large or largeur(l)) / 1000 * taille)}
  end
  return r
end

local function etendre(couches, liste)
  for _, c in ipairs(liste or {}) do
    couches[#couches + 1] = {ton = c[1], d = c[2], trait = c[3]}
  end
end

local function poser(couches, liste, x, y, s)
  local groupe = {groupe = string.format(s == 1 and "translate(%d %d)" or "translate(%d %d) scale(%s)", x, y, s), couches = {}}
  etendre(groupe.couches, liste)
  couches[#couches + 1] = groupe
end

-- composer{relief=, eau=, vegetation=, monument=, ciel=, detail=}: the layers
-- from the back to the front, each {ton, d, trait} or {groupe, couches}.
-- What is missing takes a default.
function m.composer(choix)
  local r = fonds.reliefs[choix.relief] or fonds.reliefs.coteau
  local e = fonds.eaux[choix.eau] or fonds.eaux.aucune
  local v = plantes.vegetations[choix.vegetation] or plantes.vegetations.prairie
  local detail = ciels.details[choix.detail] or {}
  local figure = monuments.figures[choix.monument]
  local assise, place = r.assise, e.place or r.place
  if detail.veut == "eau" and not (e.large or e.cours) or detail.veut == "falaise" and choix.relief ~= "falaise" then detail = {} end
  -- The viaduct brings its gorge, the bridge its river.
  if choix.monument == "viaduc" then e, assise, place = fonds.eaux.aucune, fonds.reliefs.gorge.assise, fonds.reliefs.gorge.place end
  if choix.monument == "pont" and e.cours then e = fonds.eaux.aucune end
  local couches = {}
  etendre(couches, ciels.ciels[choix.ciel] or ciels.ciels.jour)
  etendre(couches, detail.ciel)
  etendre(couches, r.loin)
  etendre(couches, e.large or assise)
  etendre(couches, not e.large and detail.fond)
  if figure then poser(couches, figure, table.unpack(place)) end
  etendre(couches, {fonds.pres})
  etendre(couches, e.cours or v.pres)
  if detail.place then poser(couches, detail.devant, table.unpack(detail.place)) end
  etendre(couches, {fonds.devant})
  etendre(couches, v.devant)
  etendre(couches, detail.crete)
  return couches
end

-- The word of a territory's poster.
function m.mot(territoire)
  return territoire.affiche and territoire.affiche.mot or territoire.nom_court or territoire.titre
end

-- A territory that chose nothing gets its own poster all the same: always the same for a slug.
local function choix_par_defaut(slug)
  local n = 5
  for i = 1, #slug do n = (n * 33 + slug:byte(i)) % 1000003 end
  local function un(liste)
    local k = n % #liste + 1
    n = n // #liste + 17
    return liste[k]
  end
  return {
    relief = un{"coteau", "colline", "plaine", "vallee", "bocage"}, ciel = un{"aube", "jour", "soir", "nuages", "rayons"},
    vegetation = un{"prairie", "foret", "bocage", "peupliers", "champs"}, eau = un{"riviere", "aucune", "etang"},
    monument = un{"clocher", "village", "clocher", "moulin"},
  }
end

function m.choix(territoire)
  local a = territoire.affiche
  local d = choix_par_defaut(territoire.slug)
  if not a then return d end
  return {
    ciel = a.ciel or d.ciel, relief = a.relief or d.relief, eau = a.eau or d.eau,
    vegetation = a.vegetation or d.vegetation, monument = a.monument or d.monument, detail = a.detail,
  }
end

local function fenetre(f)
  return string.format("%d %d %d %d", f.x, f.y, f.l, f.h)
end

-- What differs between the formats of a territory's poster.
function m.cadre(territoire, format)
  local f = m.formats[format]
  return {fenetre = fenetre(f.feuille or f), feuille = f.feuille, image = f, mot = composer_mot(m.mot(territoire), f)}
end

-- What all of them share.
function m.couches(territoire)
  return m.composer(m.choix(territoire))
end

-- Everything a template needs to draw it in a format.
function m.du_territoire(territoire, format)
  local k = m.cadre(territoire, format)
  k.couches = m.couches(territoire)
  return k
end
m.composer_mot = composer_mot

-- Its colours by day: those of its tones, shade and light among them.
local function palette(territoire)
  local p = couleurs.de_l_affiche(territoire.slug, {territoire.couleurs[1], territoire.couleurs[2]}, m.choix(territoire).ciel)
  p.o, p.l = p.devant, p.ciel2
  return p
end

-- What layouts/affiche.svg draws: by day, in colours of its own.
function m.seule(territoire, format)
  local k = m.du_territoire(territoire, format)
  k.palette = palette(territoire)
  return k
end

-- What layouts/apercu.svg paints, 1200 pixels wide: one poster, or those of the first territories side by side:
-- {hauteur, volets = {{x, largeur, fenetre, palette, couches}}}.
function m.apercu(territoires)
  local n = math.min(#territoires, 5)
  local f, r = m.formats.apercu, {hauteur = 630, volets = {}}
  local large = 1200 // n
  for i = 1, n do
    local k = m.seule(territoires[i], "apercu")
    local vue = large * f.h / r.hauteur
    -- The sights stand around 860, the middle of the narrow format.
    local x = math.max(f.x, math.min(860 - vue / 2, f.x + f.l - vue))
    r.volets[i] = {
      x = (i - 1) * large, largeur = i == n and 1200 - (i - 1) * large or large,
      fenetre = string.format("%d %d %d %d", x, f.y, vue, f.h), palette = k.palette, couches = k.couches,
    }
  end
  return r
end

return m
