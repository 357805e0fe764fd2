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
local essais, combien = 145, 400   -- places tried for a marker, no further than four markers from the true one; markers of a map
local corps, chasse = 15, 0.62   -- of the names: size, and a width of a letter in ems that no sans exceeds on average
local pas_des_noms = {rayon + 4, 2 * rayon + 8, 3 * rayon + 12}   -- of a name from its place, the nearest first

-- The layers in the order of the legend.
local couches = {"etablissements", "stages", "offres", "hebergements", "sites_touristiques", "professionnels"}

-- The places of territories, layer after layer, each once and numbered: {n, couche, genre, nom (of its type), url, titre, geo, commune, profession, territoires};
-- nil when there are more than `plafond` (nil: no limit).
local function relever(territoires, plafond)
  local r, n, seul = {}, 0, #territoires == 1 and {territoires[1].slug}
  for _, couche in ipairs(couches) do
    local vus = {}
    for _, territoire in ipairs(territoires) do
      local items = territoire[couche]
      local genre = #items > 0 and items[1].type
      local tenant_lieu, a_profession, nom = lieux.tenant_lieu(genre), genre and modeles.a_le_champ(genre, "profession"), genre and modele(genre).nom
      for i = 1, #items do
        local x = items[i]
        local p = not seul and vus[x.slug]
        local url = not p and x.url
        local la = url and x
        if url and tenant_lieu then la = tenant_lieu(x) end
        local geo = la and la.geo
        if geo then
          if n == plafond then return nil end
          n = n + 1
          local adresse = la.adresse
          p = {n = n, couche = couche, genre = genre, nom = nom, url = url, titre = x.titre, geo = geo, commune = adresse and adresse.commune or nil,
            profession = a_profession and x.profession or nil, territoires = seul or {}}
          r[n] = p
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

-- The points on the plane, {x, y, x, y…}; its corners there, and the mean latitude.
local function projeter(points)
  local mercator, plan, lat = mercator, {}, 0
  local ouest, nord, est, sud = math.huge, math.huge, -math.huge, -math.huge
  for i = 1, #points do
    local geo = points[i].geo
    local x, y = mercator(geo.lon, geo.lat)
    plan[2 * i - 1], plan[2 * i], lat = x, y, lat + geo.lat
    ouest, nord, est, sud = x < ouest and x or ouest, y < nord and y or nord, x > est and x or est, y > sud and y or sud
  end
  return plan, {ouest, nord, est, sud}, lat / #points
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
  local mercator, bouts, px, py = mercator, {}, nil, nil
  for i = 1, #ligne, 2 do
    local x, y = mercator(ligne[i], ligne[i + 1])
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

-- Scale and height of a frame around these corners and the contours: as wide as it may be, between two and four thirds.
local function cadrer(b, c)
  if c then
    local gauche, bas = mercator(c.bornes[1], c.bornes[2])
    local droite, haut = mercator(c.bornes[3], c.bornes[4])
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

-- Places as many markers as can be touched, each on the first free place around its own; returns those, and their towns in the order met:
-- {nom, x, y, n}, x and y summed over n places.
local function poser(points, plan, cadre)
  local vrais, bord = {}, rayon + 2
  for i = 1, #plan, 2 do
    vrais[i], vrais[i + 1] = plan[i] * cadre.echelle + cadre.dx, plan[i + 1] * cadre.echelle + cadre.dy
  end
  local ou = ecarter(vrais, {ecart = ecart, essais = essais, combien = combien, cadre = {bord, bord, largeur - bord, cadre.hauteur - bord}})
  local poses, villes, par_nom = {}, {}, {}
  for i = 1, #points do
    local p, x = points[i], ou[2 * i - 1]
    if x then
      p.x, p.y = x, ou[2 * i]
      poses[#poses + 1] = p
      local v = p.commune and par_nom[p.commune]
      if v then
        v.x, v.y, v.n = v.x + vrais[2 * i - 1], v.y + vrais[2 * i], v.n + 1
      elseif p.commune then
        v = {nom = p.commune, x = vrais[2 * i - 1], y = vrais[2 * i], n = 1}
        par_nom[p.commune], villes[#villes + 1] = v, v
      end
    end
  end
  return poses, villes
end

-- Those with the most places first, then in their order.
local function classer(villes)
  local par_nombre, plus, r = {}, 0, {}
  for _, v in ipairs(villes) do
    local l = par_nombre[v.n] or {}
    par_nombre[v.n], l[#l + 1], plus = l, v, max(plus, v.n)
  end
  for n = plus, 1, -1 do
    local l = par_nombre[n]
    if l then table.move(l, 1, #l, #r + 1, r) end
  end
  return r
end

-- Towns' names beside their places, clear of the markers; one that fits nowhere is left to the list.
local function nommer(villes, points, cadre)
  local classees, mots_, pris, noms = classer(villes), {}, {0, cadre.hauteur - 34, 150, cadre.hauteur}, {}   -- the scale has the corner
  for i, v in ipairs(classees) do
    mots_[3 * i - 2], mots_[3 * i - 1], mots_[3 * i] = v.x / v.n, v.y / v.n, utf8.len(v.nom) * corps * chasse + 6
  end
  for i, p in ipairs(points) do
    pris[4 * i + 1], pris[4 * i + 2], pris[4 * i + 3], pris[4 * i + 4] = p.x - rayon - 1, p.y - rayon - 1, p.x + rayon + 1, p.y + rayon + 1
  end
  local ou = ecrire_autour(mots_, {hauteur = corps * 1.3, pas = pas_des_noms, pris = pris, cadre = {4, 4, largeur - 4, cadre.hauteur - 4}})
  for i, v in ipairs(classees) do
    local x = ou[2 * i - 1]
    if x then noms[#noms + 1] = {nom = v.nom, x = floor(x + 3), y = floor(ou[2 * i] + corps)} end
  end
  return noms
end

-- A round length of about a fifth of the frame, at this latitude (mean radius of the Earth, IUGG: 6371.0088 km).
local function echelle(latitude, cadre)
  local km = 6371.0088 * math.cos(math.rad(latitude)) / cadre.echelle   -- of one unit
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
  local plan, bornes, latitude = projeter(points)
  local cadre = cadrer(bornes, c)
  local poses, villes = poser(points, plan, cadre)
  local dehors, dedans = tracer(c, cadre)
  return {hauteur = cadre.hauteur, points = poses, restants = #points - #poses, noms = nommer(villes, poses, cadre), echelle = echelle(latitude, cadre), couches = m.par_couche(points), tous = points,
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
