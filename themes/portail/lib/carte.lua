-- Maps drawn at build time: points of a territory in Web Mercator, numbered as in the list beside the map, and names of towns
-- placed so that none covers another or leaves the frame. The picture is 640 units wide, which are pixels on a telephone.
local lieux = require("lieux")
local modeles = require("modeles")
local mots = require("mots")

local m = {}

local floor <const>, min <const>, max <const> = math.floor, math.min, math.max

local largeur = 640
local marge, rayon = 36, 13      -- of the frame; of a marker: 26 px to touch, WCAG 2.5.8 asks for 24
local ecart = 2 * rayon + 3      -- between the centres of two markers
local loin, combien = 144, 400   -- steps of a marker from its place; markers of a map
local corps, chasse = 15, 0.62   -- of the names: size, and a width of a letter in ems that no sans exceeds on average

-- The layers in the order of the legend.
local couches = {"etablissements", "stages", "offres", "hebergements", "sites_touristiques", "professionnels"}

-- EPSG:3857 of the unit sphere, y downwards.
local function mercator(geo)
  local phi = math.rad(geo.lat)
  return math.rad(geo.lon), -math.log(math.tan(math.pi / 4 + phi / 2))
end

-- The places of territories, layer after layer, each once and numbered: {n, couche, item, url, titre, geo, commune, profession, territoires};
-- nil when there are more than `plafond` (nil: no limit).
local function relever(territoires, plafond)
  local r, seul = {}, #territoires == 1 and {territoires[1].slug}
  for _, couche in ipairs(couches) do
    local vus = {}
    for _, territoire in ipairs(territoires) do
      local items = territoire[couche]
      local a_profession = #items > 0 and modeles.a_le_champ(items[1].type, "profession")
      for i = 1, #items do
        local x = items[i]
        local p = not seul and vus[x.slug]
        local url = not p and x.url
        if url then
          local geo, commune = lieux.situer(x)
          if geo then
            if #r == plafond then return nil end
            p = {n = #r + 1, couche = couche, item = x, url = url, titre = x.titre, geo = geo, commune = commune,
              profession = a_profession and x.profession or nil, territoires = seul or {}}
            r[#r + 1] = p
          end
        end
        if p and not seul then
          vus[x.slug] = p
          table.insert(p.territoires, territoire.slug)
        end
      end
    end
  end
  return r
end

-- The points of these territories; of several only as many as a reader can go through in one list. Else nil.
local trop = 600
function m.lieux(territoires)
  local points = relever(territoires, #territoires > 1 and trop or nil)
  return points and #points > 0 and points or nil
end

-- Puts the points on the plane; its corners there.
local function bornes(points)
  local ouest, nord, est, sud = math.huge, math.huge, -math.huge, -math.huge
  for i = 1, #points do
    local p = points[i]
    local x, y = mercator(p.geo)
    p.x, p.y = x, y
    ouest, nord, est, sud = x < ouest and x or ouest, y < nord and y or nord, x > est and x or est, y > sud and y or sud
  end
  return {ouest, nord, est, sud}
end

-- The intercommunalité of each town by its INSEE code, and of each SIREN, as the territory numbers them.
local function intercommunalites(territoire)
  local par_commune, par_siren, l = {}, {}, territoire.intercommunalites
  for i = 1, #l do
    if l[i].siren then par_siren[l[i].siren] = l[i].nom end
    for k = 1, #l[i].communes do par_commune[l[i].communes[k]] = l[i].nom end
  end
  if territoire.siren then par_siren[territoire.siren] = mots.court(territoire) end
  return par_commune, par_siren
end

-- Says of a feature of the site's contours where it belongs: the name of an intercommunalité, "~" and its SIREN when the territory does not
-- name it, "~" for the rest of the territory, nil elsewhere. A territory tells its towns by their codes, by its intercommunalités, or by its
-- département.
local function choisir_pour(territoire)
  local par_commune, par_siren = intercommunalites(territoire)
  local communes, listees = {}, #territoire.communes > 0
  for i = 1, #territoire.communes do communes[territoire.communes[i]] = true end
  local departement = territoire.categorie == "departement" and territoire.departement.code
  return function(p)
    local code = tostring(p.code)
    local nom = par_commune[code] or par_siren[tostring(p.epci)] or par_siren[code]
    local ici
    if listees then ici = communes[code]
    else ici = nom or (departement and code:sub(1, #departement) == departement) end
    return ici and (nom or "~" .. tostring(p.epci or "")) or nil
  end
end

-- The territory's outlines in the site's GeoJSON, as contours() gives them; nil when the site has no file or the file none of its towns.
-- `pas`: how many steps of the drawing the longer side has.
function m.contours(territoire, pas)
  if not site.contours then return nil end
  return contours(site.contours, choisir_pour(territoire), pas)
end

-- A line {lon, lat, lon, lat…} on whole units, as a path. Towns that share a border share its points, and so the rounded border.
local function trait(ligne, cadre, d)
  local bouts, px, py = {}, nil, nil
  for i = 1, #ligne, 2 do
    local x, y = mercator({lon = ligne[i], lat = ligne[i + 1]})
    x, y = floor(x * cadre.echelle + cadre.dx + 0.5), floor(y * cadre.echelle + cadre.dy + 0.5)
    if x ~= px or y ~= py then
      bouts[#bouts + 1] = px and (x - px) .. " " .. (y - py) or x .. " " .. y
      px, py = x, y
    end
  end
  if #bouts > 1 then d[#d + 1] = "M" .. bouts[1] .. "l" .. table.concat(bouts, " ", 2) end
end

-- The paths of contours: of the intercommunalités (or of the whole), and of the borders inside them; nil where there is nothing.
local function tracer(c, cadre)
  if not c then return nil, nil end
  local dehors, dedans = {}, {}
  for _, g in ipairs(c.groupes) do
    for _, p in ipairs(g.polygones) do
      for _, anneau in ipairs(p) do trait(anneau, cadre, dehors) end
    end
  end
  for _, l in ipairs(c.lignes) do trait(l, cadre, dedans) end
  return #dehors > 0 and table.concat(dehors, "z") .. "z" or nil, #dedans > 0 and table.concat(dedans) or nil
end

-- Scale and height of the frame: as wide as it may be, between two and four thirds.
local function cadrer(points, c)
  local b = bornes(points)
  if c then
    local gauche, bas = mercator({lon = c.bornes[1], lat = c.bornes[2]})
    local droite, haut = mercator({lon = c.bornes[3], lat = c.bornes[4]})
    b[1], b[2], b[3], b[4] = min(b[1], gauche), min(b[2], haut), max(b[3], droite), max(b[4], bas)
  end
  local large, haut = max(b[3] - b[1], 1e-4), max(b[4] - b[2], 1e-4)
  local utile = largeur - 2 * marge
  local hauteur = floor(max(largeur / 2, min(largeur * 4 / 3, haut / large * utile + 2 * marge)))
  local echelle = min(utile / large, (hauteur - 2 * marge) / haut)
  local dx = (largeur - large * echelle) / 2 - b[1] * echelle
  local dy = (hauteur - haut * echelle) / 2 - b[2] * echelle
  return {hauteur = hauteur, echelle = echelle, dx = dx, dy = dy}
end

-- The square of a grid as wide as two markers apart: who could stand too near is in the nine around.
local function case(x, y)
  return y // ecart * 1000 + x // ecart
end

-- Every square keeps the markers {x, y, x, y…} that what stands in it could touch.
local function marquer(grille, x, y)
  local ici = case(x, y)
  for rang = -1000, 1000, 1000 do
    for k = ici + rang - 1, ici + rang + 1 do
      local proches = grille[k] or {}
      local n = #proches
      grille[k], proches[n + 1], proches[n + 2] = proches, x, y
    end
  end
end

local function libre(grille, x, y, hauteur)
  if x < rayon + 2 or y < rayon + 2 or x > largeur - rayon - 2 or y > hauteur - rayon - 2 then return false end
  local proches = grille[case(x, y)]
  for i = 1, proches and #proches or 0, 2 do
    local dx, dy = proches[i] - x, proches[i + 1] - y
    if dx * dx + dy * dy < ecart * ecart then return false end
  end
  return true
end

-- The steps of a marker from its place, on a spiral: the golden angle fills the disc evenly.
local pas_x, pas_y = {}, {}
for pas = 0, loin do
  local tour, angle = ecart / 3 * math.sqrt(pas), pas * 2.399963
  pas_x[pas], pas_y[pas] = tour * math.cos(angle), tour * math.sin(angle)
end

-- The first free place on the spiral, no further than four markers from the true one; nil when there is none.
local function trouver(grille, vrai_x, vrai_y, hauteur)
  for pas = 0, loin do
    local x, y = (vrai_x + pas_x[pas] + 0.5) // 1 | 0, (vrai_y + pas_y[pas] + 0.5) // 1 | 0
    if libre(grille, x, y, hauteur) then return x, y end
  end
  return nil
end

-- Places as many markers as can be touched; returns those.
local function poser(points, cadre)
  local grille, poses = {}, {}
  for i = 1, #points do
    local p = points[i]
    local vrai_x, vrai_y = p.x * cadre.echelle + cadre.dx, p.y * cadre.echelle + cadre.dy
    p.vrai_x, p.vrai_y, p.x, p.y = vrai_x, vrai_y, nil, nil
    if #poses < combien then p.x, p.y = trouver(grille, vrai_x, vrai_y, cadre.hauteur) end
    if p.x then
      marquer(grille, p.x, p.y)
      poses[#poses + 1] = p
    end
  end
  return poses
end

-- Boxes stand in each band of the picture that they touch; a band is as high as a marker.
local bande = 2 * rayon + 2
local function occuper(boites, x, y, droite, bas)
  local b = {x = x, y = y, droite = droite, bas = bas}
  for k = y // bande, bas // bande do
    boites[k] = boites[k] or {}
    table.insert(boites[k], b)
  end
end

-- Does a box with its corner at x, y lie within the frame, clear of the others?
local function tient(x, y, l, h, boites, hauteur)
  local droite, bas = x + l, y + h
  if x < 4 or y < 4 or droite > largeur - 4 or bas > hauteur - 4 then return false end
  for k = y // bande, bas // bande do
    local ici = boites[k]
    for i = 1, ici and #ici or 0 do
      local b = ici[i]
      if x < b.droite and b.x < droite and y < b.bas and b.y < bas then return false end
    end
  end
  return true
end

-- Where a name of width l stands best around a place: right, left, above or below it, near before far; nil where it fits nowhere.
local function placer(x, y, l, h, boites, hauteur)
  for d = rayon + 4, 3 * rayon + 12, rayon + 4 do
    if tient(x + d, y - h / 2, l, h, boites, hauteur) then return x + d, y - h / 2 end
    if tient(x - d - l, y - h / 2, l, h, boites, hauteur) then return x - d - l, y - h / 2 end
    if tient(x - l / 2, y - d - h, l, h, boites, hauteur) then return x - l / 2, y - d - h end
    if tient(x - l / 2, y + d, l, h, boites, hauteur) then return x - l / 2, y + d end
  end
  return nil
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
  local boites, noms = {}, {}
  occuper(boites, 0, cadre.hauteur - 34, 150, cadre.hauteur)   -- the scale has the corner
  for i = 1, #points do
    local x, y = points[i].x, points[i].y
    occuper(boites, x - rayon - 1, y - rayon - 1, x + rayon + 1, y + rayon + 1)
  end
  for _, v in ipairs(villes) do
    local l, h = utf8.len(v.nom) * corps * chasse + 6, corps * 1.3
    local x, y = placer(v.x / v.n, v.y / v.n, l, h, boites, cadre.hauteur)
    if x then
      occuper(boites, x, y, x + l, y + h)
      noms[#noms + 1] = {nom = v.nom, x = floor(x + 3), y = floor(y + corps)}
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
    if l <= 130 then return {km = n, longueur = floor(l + 0.5)} end
  end
  return nil
end

-- Points by layers, in their order: {{cle, points}}.
function m.par_couche(points)
  local r, derniere = {}, nil
  for i = 1, #points do
    local p = points[i]
    if p.couche ~= derniere then
      derniere = p.couche
      r[#r + 1] = {cle = derniere, points = {}}
    end
    local l = r[#r].points
    l[#l + 1] = p
  end
  return r
end

-- The map of a territory: {hauteur, points, restants, noms, echelle, couches, tous, contours, limites}; nil when nothing has a place.
-- `points` are those drawn, `restants` how many the picture leaves to the list, `tous` and `couches` have all.
function m.du_territoire(territoire)
  local points = relever({territoire})
  if #points == 0 then return nil end
  local c = m.contours(territoire, 600)
  local cadre = cadrer(points, c)
  local poses = poser(points, cadre)
  local dehors, dedans = tracer(c, cadre)
  return {hauteur = cadre.hauteur, points = poses, restants = #points - #poses, noms = nommer(poses, cadre), echelle = echelle(points, cadre), couches = m.par_couche(points), tous = points,
    contours = dehors, limites = dedans}
end

-- Is there a list of their points?
function m.visible(territoires)
  if #territoires == 1 then return m.existe(territoires[1]) end
  return m.lieux(territoires) ~= nil
end

-- Has the territory anything to put on a map?
function m.existe(territoire)
  for _, couche in ipairs(couches) do
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

-- What one calls them: {cle, nom}.
function m.noms(territoires)
  local r = {}
  for i, x in ipairs(territoires) do r[i] = {cle = x.slug, nom = mots.court(x)} end
  return r
end

function m.adresse(territoire)
  local a = #site.territoires == 1 and "/carte/" or "/carte/" .. territoire.slug .. "/"
  return page_existe(a) and a or nil
end

return m
