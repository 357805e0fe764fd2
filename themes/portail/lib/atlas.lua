-- The interactive map, for who asks for it: what it reads, and what its controls offer.
local carte = require("carte")
local modeles = require("modeles")

local m = {}

-- Is the library here? (`make vendor`, docs/theme.md §8.)
function m.possible()
  return asset_existe("vendor/leaflet.js") and asset_existe("vendor/leaflet.css")
end

-- The file of the places on a map, beside its page.
function m.fichier(page_de_la_carte)
  return page_de_la_carte .. "lieux.geojson"
end

-- The professions that places have, in the order of the enumeration: {cle, libelle}.
function m.professions(points)
  local vues, r, genre = {}, {}, nil
  for _, p in ipairs(points) do
    local cle = p.profession
    if cle then vues[cle], genre = true, genre or p.genre end
  end
  local valeurs = genre and modeles.valeurs(genre, "profession") or {}
  for i = 1, #valeurs do
    if vues[valeurs[i].cle] then r[#r + 1] = {cle = valeurs[i].cle, libelle = valeurs[i].libelle} end
  end
  return r
end

-- Four decimals: ten metres, less than a line is wide.
local function arrondi(x)
  return math.floor(x * 1e4 + 0.5) / 1e4
end

local function positions(ligne)
  local r = {}
  for i = 1, #ligne, 2 do r[#r + 1] = {arrondi(ligne[i]), arrondi(ligne[i + 1])} end
  return r
end

local function lignes(l)
  local r = {}
  for i, x in ipairs(l) do r[i] = positions(x) end
  return r
end

-- Steps of a territory's longer side: alone it is twice as fine as the drawing, among others it is small.
local seul, parmi = 1000, 400

local function contours_de(territoire, pas, r)
  local c = carte.contours(territoire, pas)
  if not c then return end
  for _, g in ipairs(c.groupes) do
    local polygones = {}
    for i, p in ipairs(g.polygones) do polygones[i] = lignes(p) end
    if #polygones > 0 then
      local nom = g.cle:sub(1, 1) ~= "~" and g.cle or nil
      r[#r + 1] = {type = "Feature", geometry = {type = "MultiPolygon", coordinates = polygones}, properties = {contour = true, nom = nom}}
    end
  end
  if #c.lignes > 0 and pas == seul then
    r[#r + 1] = {type = "Feature", geometry = {type = "MultiLineString", coordinates = lignes(c.lignes)}, properties = {contour = true}}
  end
end

-- The contours of territories, as features of GeoJSON.
function m.contours(territoires)
  local r = {}
  for _, x in ipairs(territoires) do contours_de(x, #territoires == 1 and seul or parmi, r) end
  return r
end

return m
