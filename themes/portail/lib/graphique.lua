-- Charts of a series of years, drawn at build time: bars for what is counted, a line for rates. All coordinates are whole units of
-- a picture 360 wide, which is a telephone's width. What a chart shows stands in a table beside it.
local indicateurs = require("indicateurs")

local m = {}

local L, H = 360, 230
local gauche, droite, haut, bas = 34, 14, 26, 30

local function rond(x)
  return math.floor(x + 0.5)
end

-- 1, 2 or 5 times a power of ten, so that at most four steps reach from `de` to `a`.
local function pas_de(de, a)
  local brut = (a - de) / 4
  local puissance = 10 ^ math.floor(math.log(brut, 10))
  for _, k in ipairs({1, 2, 5}) do
    if brut <= k * puissance + 1e-12 then return k * puissance end
  end
  return 10 * puissance
end

-- Bars stand on zero; a line may start above it.
local function echelle(valeurs, depuis_zero)
  local min, max = math.huge, -math.huge
  for _, v in ipairs(valeurs) do min, max = math.min(min, v), math.max(max, v) end
  if depuis_zero then min, max = math.min(min, 0), math.max(max, 0) end
  if max - min < 1e-9 then min, max = min - 1, max + 1 end
  local pas = pas_de(min, max)
  local de, a = math.floor(min / pas + 1e-9) * pas, math.ceil(max / pas - 1e-9) * pas
  return {de = de, a = a, pas = pas}
end

local function ordonnee(e, v)
  return rond(H - bas - (v - e.de) / (e.a - e.de) * (H - haut - bas))
end

local function graduations(e)
  local r = {}
  for i = 0, rond((e.a - e.de) / e.pas) do
    local v = e.de + i * e.pas
    r[#r + 1] = {y = ordonnee(e, v), texte = nombre(rond(v * 1000) / 1000)}
  end
  return r
end

-- Years from the first to the last, the target's among them; labels no closer than 34 units.
local function abscisses(premiere, derniere)
  local n = derniere - premiere + 1
  local large = (L - gauche - droite) / n
  local un_sur = math.ceil(34 / large)
  local annees = {}
  for a = premiere, derniere do
    if (derniere - a) % un_sur == 0 then
      annees[#annees + 1] = {x = rond(gauche + (a - premiere + 0.5) * large), texte = tostring(a)}
    end
  end
  return function(annee) return gauche + (annee - premiere + 0.5) * large end, large, annees
end

local en_ligne = {pourcent = true, dix_mille = true, cent_mille = true}

-- All values that the scale must hold.
local function toutes(indicateur, serie)
  local r = {}
  for _, v in ipairs(serie) do r[#r + 1] = v.valeur end
  if indicateur.cible then r[#r + 1] = indicateur.cible.valeur end
  if indicateur.seuil_alerte then r[#r + 1] = indicateur.seuil_alerte.valeur end
  for i = 1, #indicateur.comparaison do r[#r + 1] = indicateur.comparaison[i].valeur end
  return r
end

-- "2023 : 27 ; 2024 : 33 ; 2026 : 22 (provisoire) ; cible pour 2028 : 50": the chart in words.
function m.description(indicateur)
  local r, serie = {}, indicateurs.serie(indicateur)
  for _, v in ipairs(serie) do
    r[#r + 1] = v.annee .. t("deux_points") .. indicateurs.ecrire(indicateur, v.valeur) .. (v.provisoire and " (" .. t("provisoire") .. ")" or "")
  end
  local c = indicateur.cible
  if c then r[#r + 1] = t("cible_pour", {annee = tostring(c.annee), valeur = indicateurs.ecrire(indicateur, c.valeur)}) end
  return table.concat(r, " ; ")
end

local function traits(serie, x, e)
  local ferme, ouvert = {}, {}
  for i = 2, #serie do
    local a, b = serie[i - 1], serie[i]
    local d = "M" .. rond(x(a.annee)) .. " " .. ordonnee(e, a.valeur) .. "L" .. rond(x(b.annee)) .. " " .. ordonnee(e, b.valeur)
    local liste = b.provisoire and ouvert or ferme
    liste[#liste + 1] = d
  end
  return #ferme > 0 and table.concat(ferme) or nil, #ouvert > 0 and table.concat(ouvert) or nil
end

local function reperes(indicateur, e, x)
  local r, s, c = {}, indicateur.seuil_alerte, indicateur.cible
  if s then r[#r + 1] = {y = ordonnee(e, s.valeur), texte = t("alerte") .. " " .. nombre(s.valeur)} end
  for i = 1, #indicateur.comparaison do
    local k = indicateur.comparaison[i]
    r[#r + 1] = {y = ordonnee(e, k.valeur), texte = k.perimetre .. " " .. nombre(k.valeur)}
  end
  local cible = c and {x = rond(x(c.annee)), y = ordonnee(e, c.valeur), texte = nombre(c.valeur)}
  return r, cible
end

-- The chart of an indicator; nil with fewer than two points to show.
function m.indicateur(indicateur)
  local serie, cible = indicateurs.serie(indicateur), indicateur.cible
  if #serie + (cible and 1 or 0) < 2 then return nil end
  local ligne = en_ligne[indicateur.unite] or false
  local derniere = math.max(serie[#serie].annee, cible and cible.annee or 0)
  local e = echelle(toutes(indicateur, serie), not ligne)
  local x, large, annees = abscisses(serie[1].annee, derniere)
  local g = {largeur = L, hauteur = H, gauche = gauche, droite = L - droite, base = ordonnee(e, math.max(e.de, 0)), ligne = ligne,
    annees = annees, graduations = graduations(e), points = {}, description = m.description(indicateur)}
  local demi = rond(math.min(large * 0.34, 22))
  for i, v in ipairs(serie) do
    local y = ordonnee(e, v.valeur)
    g.points[i] = {x = rond(x(v.annee)), y = y, gauche = rond(x(v.annee)) - demi, large = 2 * demi, haut = math.min(y, g.base),
      hauteur = math.abs(g.base - y), texte = nombre(v.valeur), provisoire = v.provisoire}
  end
  if ligne then g.trait, g.pointille = traits(serie, x, e) end
  g.reperes, g.cible = reperes(indicateur, e, x)
  return g
end

-- Has the chart values that may still change?
function m.a_provisoire(g)
  for _, p in ipairs(g.points) do
    if p.provisoire then return true end
  end
  return false
end

-- The same in the size of a line of text, for lists of several: heights of 24 units at most; nil with a single value.
function m.petit(indicateur)
  local serie = indicateurs.serie(indicateur)
  if #serie < 2 then return nil end
  local valeurs = {}
  for i, v in ipairs(serie) do valeurs[i] = v.valeur end
  local e = echelle(valeurs, true)
  local r = {}
  for i, v in ipairs(serie) do
    local h = math.max(rond(math.max(v.valeur, 0) / e.a * 24), 1)
    r[i] = {x = (i - 1) * 12, y = 24 - h, h = h, provisoire = v.provisoire}
  end
  return {barres = r, largeur = #serie * 12 - 2}
end

return m
