-- Maps drawn at build time: points of a territory in Web Mercator, numbered as in the list beside the map, and names of towns
-- placed so that none covers another or leaves the frame. The picture is 640 units wide, which are pixels on a telephone.
local lieux = require("lieux")

local m = {}

m.largeur = 640
local marge, rayon = 36, 13      -- of the frame; of a marker: 26 px to touch, WCAG 2.5.8 asks for 24
local ecart = 2 * rayon + 3      -- between the centres of two markers
local loin, combien = 144, 400   -- steps of a marker from its place; markers of a map
local corps, chasse = 15, 0.62   -- of the names: size, and a width of a letter in ems that no sans exceeds on average

-- The layers in the order of the legend.
m.couches = {"etablissements", "stages", "hebergements", "sites_touristiques", "professionnels"}

-- EPSG:3857 of the unit sphere, y downwards.
local function mercator(geo)
  local phi = math.rad(geo.lat)
  return math.rad(geo.lon), -math.log(math.tan(math.pi / 4 + phi / 2))
end

-- The places of a territory, layer after layer: {couche, item, x, y, commune}.
local function relever(territoire)
  local r = {}
  for _, couche in ipairs(m.couches) do
    local items = territoire[couche]
    for i = 1, #items do
      local geo = lieux.geo(items[i])
      if geo and items[i].url then
        local x, y = mercator(geo)
        r[#r + 1] = {couche = couche, item = items[i], x = x, y = y, geo = geo, commune = lieux.commune(items[i])}
      end
    end
  end
  return r
end

local function bornes(points)
  local b = {math.huge, math.huge, -math.huge, -math.huge}
  for i = 1, #points do
    local p = points[i]
    b[1], b[2], b[3], b[4] = math.min(b[1], p.x), math.min(b[2], p.y), math.max(b[3], p.x), math.max(b[4], p.y)
  end
  return b
end

-- A ring of GeoJSON as points of the plane.
local function anneau(coordonnees)
  local r = {}
  for i, c in ipairs(coordonnees) do
    local x, y = mercator({lon = c[1], lat = c[2]})
    r[i] = {x = x, y = y}
  end
  return r
end

local function anneaux(geometrie, r)
  if geometrie.type == "Polygon" then
    for _, a in ipairs(geometrie.coordinates) do r[#r + 1] = anneau(a) end
  elseif geometrie.type == "MultiPolygon" then
    for _, p in ipairs(geometrie.coordinates) do
      for _, a in ipairs(p) do r[#r + 1] = anneau(a) end
    end
  end
end

-- The outlines of the territory's towns in the site's GeoJSON, as traces; none when the site has no file or the territory no codes.
local function limites(territoire)
  local r, voulues = {}, {}
  if not site.contours or #territoire.communes == 0 then return r end
  for i = 1, #territoire.communes do voulues[territoire.communes[i]] = true end
  for _, f in ipairs(lire_json(site.contours).features or {}) do
    if f.properties and voulues[f.properties.code] and f.geometry then anneaux(f.geometry, r) end
  end
  return r
end

-- Rings as one path on whole units. Two towns that share a border share its points, and so the rounded border.
local function tracer(traces, cadre)
  local d = {}
  for _, a in ipairs(traces) do
    local bouts, px, py = {}, nil, nil
    for _, p in ipairs(a) do
      local x, y = math.floor(p.x * cadre.echelle + cadre.dx + 0.5), math.floor(p.y * cadre.echelle + cadre.dy + 0.5)
      if x ~= px or y ~= py then
        bouts[#bouts + 1] = px and (x - px) .. " " .. (y - py) or x .. " " .. y
        px, py = x, y
      end
    end
    if #bouts > 2 then d[#d + 1] = "M" .. bouts[1] .. "l" .. table.concat(bouts, " ", 2) .. "z" end
  end
  return #d > 0 and table.concat(d) or nil
end

-- Scale and height of the frame: as wide as it may be, between two and four thirds.
local function cadrer(points, traces)
  local b = bornes(points)
  for _, a in ipairs(traces) do
    local c = bornes(a)
    b[1], b[2], b[3], b[4] = math.min(b[1], c[1]), math.min(b[2], c[2]), math.max(b[3], c[3]), math.max(b[4], c[4])
  end
  local large, haut = math.max(b[3] - b[1], 1e-4), math.max(b[4] - b[2], 1e-4)
  local utile = m.largeur - 2 * marge
  local hauteur = math.floor(math.max(m.largeur / 2, math.min(m.largeur * 4 / 3, haut / large * utile + 2 * marge)))
  local echelle = math.min(utile / large, (hauteur - 2 * marge) / haut)
  local dx = (m.largeur - large * echelle) / 2 - b[1] * echelle
  local dy = (hauteur - haut * echelle) / 2 - b[2] * echelle
  return {hauteur = hauteur, echelle = echelle, dx = dx, dy = dy}
end

-- The square of a grid as wide as two markers apart: who could stand too near is in the nine around.
local function case(x, y)
  return math.floor(y / ecart) * 1000 + math.floor(x / ecart)
end

local function libre(grille, x, y, hauteur)
  if x < rayon + 2 or y < rayon + 2 or x > m.largeur - rayon - 2 or y > hauteur - rayon - 2 then return false end
  local ici = case(x, y)
  for rang = -1000, 1000, 1000 do
    for colonne = -1, 1 do
      for _, q in ipairs(grille[ici + rang + colonne] or {}) do
        local dx, dy = q.x - x, q.y - y
        if dx * dx + dy * dy < ecart * ecart then return false end
      end
    end
  end
  return true
end

-- The first free place on a spiral, no further than four markers from the true one; nil when there is none.
local function trouver(grille, p, hauteur)
  for pas = 0, loin do
    local tour, angle = ecart / 3 * math.sqrt(pas), pas * 2.399963   -- the golden angle fills the disc evenly
    local x, y = math.floor(p.vrai_x + tour * math.cos(angle) + 0.5), math.floor(p.vrai_y + tour * math.sin(angle) + 0.5)
    if libre(grille, x, y, hauteur) then return x, y end
  end
  return nil
end

-- Numbers all points and places as many markers as can be touched; returns those.
local function poser(points, cadre)
  local grille, poses = {}, {}
  for i = 1, #points do
    local p = points[i]
    p.n, p.vrai_x, p.vrai_y = i, p.x * cadre.echelle + cadre.dx, p.y * cadre.echelle + cadre.dy
    p.x, p.y = nil, nil
    if #poses < combien then p.x, p.y = trouver(grille, p, cadre.hauteur) end
    if p.x then
      local c = case(p.x, p.y)
      grille[c] = grille[c] or {}
      table.insert(grille[c], p)
      poses[#poses + 1] = p
    end
  end
  return poses
end

local function croise(a, b)
  return a.x < b.x + b.l and b.x < a.x + a.l and a.y < b.y + b.h and b.y < a.y + a.h
end

local function tient(boite, boites, cadre)
  if boite.x < 4 or boite.y < 4 or boite.x + boite.l > m.largeur - 4 or boite.y + boite.h > cadre.hauteur - 4 then return false end
  for i = 1, #boites do
    if croise(boite, boites[i]) then return false end
  end
  return true
end

-- Where a name of width l may stand around a place, best first.
local function candidats(x, y, l, h)
  local r = {}
  for _, d in ipairs({rayon + 4, 2 * rayon + 8, 3 * rayon + 12}) do
    r[#r + 1] = {x = x + d, y = y - h / 2}
    r[#r + 1] = {x = x - d - l, y = y - h / 2}
    r[#r + 1] = {x = x - l / 2, y = y - d - h}
    r[#r + 1] = {x = x - l / 2, y = y + d}
  end
  return r
end

-- The towns with the most places first; a name that fits nowhere is left to the list.
local function nommer(points, cadre)
  local villes, par_nom = {}, {}
  for i = 1, #points do
    local p = points[i]
    if p.commune then
      local v = par_nom[p.commune]
      if not v then
        v = {nom = p.commune, x = 0, y = 0, n = 0, rang = #villes}
        par_nom[p.commune], villes[#villes + 1] = v, v
      end
      v.x, v.y, v.n = v.x + p.vrai_x, v.y + p.vrai_y, v.n + 1
    end
  end
  table.sort(villes, function(a, b) return a.n > b.n or (a.n == b.n and a.rang < b.rang) end)
  local boites, noms = {{x = 0, y = cadre.hauteur - 34, l = 150, h = 34}}, {}   -- the scale has the corner
  for i = 1, #points do
    boites[#boites + 1] = {x = points[i].x - rayon - 1, y = points[i].y - rayon - 1, l = 2 * rayon + 2, h = 2 * rayon + 2}
  end
  for _, v in ipairs(villes) do
    local l, h = utf8.len(v.nom) * corps * chasse + 6, corps * 1.3
    for _, c in ipairs(candidats(v.x / v.n, v.y / v.n, l, h)) do
      local boite = {x = c.x, y = c.y, l = l, h = h}
      if tient(boite, boites, cadre) then
        boites[#boites + 1] = boite
        noms[#noms + 1] = {nom = v.nom, x = math.floor(c.x + 3), y = math.floor(c.y + corps)}
        break
      end
    end
  end
  return noms
end

-- A round length of about a fifth of the frame, at the latitude of its middle (mean radius of the Earth, IUGG: 6371.0088 km).
local function echelle(points, cadre)
  local lat = 0
  for i = 1, #points do lat = lat + points[i].geo.lat end
  local km = 6371.0088 * math.cos(math.rad(lat / #points)) / cadre.echelle   -- of one unit
  for _, n in ipairs({50, 20, 10, 5, 2, 1}) do
    local l = n / km
    if l <= 130 then return {km = n, longueur = math.floor(l + 0.5)} end
  end
  return nil
end

-- The map of a territory: {hauteur, points, restants, noms, echelle, couches, contours}; nil when nothing has a place. `points` are those
-- drawn, `restants` how many the picture leaves to the list, `couches` have all.
function m.du_territoire(territoire)
  local points = relever(territoire)
  if #points == 0 then return nil end
  local traces = limites(territoire)
  local cadre = cadrer(points, traces)
  local poses = poser(points, cadre)
  local couches, derniere = {}, nil
  for i = 1, #points do
    local p = points[i]
    if p.couche ~= derniere then
      derniere = p.couche
      couches[#couches + 1] = {cle = p.couche, points = {}}
    end
    local c = couches[#couches].points
    c[#c + 1] = p
  end
  return {hauteur = cadre.hauteur, points = poses, restants = #points - #poses, noms = nommer(poses, cadre), echelle = echelle(points, cadre), couches = couches,
    contours = tracer(traces, cadre)}
end

-- Has the territory anything to put on a map?
function m.existe(territoire)
  for _, couche in ipairs(m.couches) do
    local items = territoire[couche]
    for i = 1, #items do
      if lieux.geo(items[i]) and items[i].url then return true end
    end
  end
  return false
end

-- The territories that have a map, and the address of each: the only one's is /carte/.
function m.territoires()
  local r = {}
  for i = 1, #site.territoires do
    local x = site.territoires[i]
    if m.existe(x) then
      r[#r + 1] = {territoire = x, url = #site.territoires == 1 and "/carte/" or "/carte/" .. x.slug .. "/"}
    end
  end
  return r
end

function m.adresse(territoire)
  local a = #site.territoires == 1 and "/carte/" or "/carte/" .. territoire.slug .. "/"
  return page_existe(a) and a or nil
end

return m
