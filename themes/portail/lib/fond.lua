-- The background of the interactive map: tiles of one supplier, shown when the visitor asks for them and asked for nowhere else.
local m = {}

-- IGN's Géoplateforme: no key, the WMTS is exempt from rate limits, Licence Ouverte 2.0.
local ign = {
  nom = "IGN", attribution = "© IGN, Plan IGN", zoom_max = 19,
  url = "https://data.geopf.fr/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=GEOGRAPHICALGRIDSYSTEMS.PLANIGNV2&STYLE=normal"
    .. "&FORMAT=image/png&TILEMATRIXSET=PM&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}",
}

-- The host of an address of tiles, nil when the security policy cannot name it: one host, by https.
local function hote(adresse)
  local h, port = adresse:match("^https://([a-z0-9][a-z0-9.-]*)(:?%d*)/")
  return h and not h:find("..", 1, true) and h:find("%.[a-z]+$") and (port == "" or port:find("^:%d+$")) and h .. port or nil
end

-- Are {z}, {x} and {y} there, each once, and no other?
local function a_ses_reperes(adresse)
  local vus, n = {}, 0
  for nom in adresse:gmatch("{(.-)}") do vus[nom], n = true, n + 1 end
  return n == 3 and vus.x and vus.y and vus.z
end

-- What is wrong with the setting, nil when nothing is.
local function faute(f)
  if f.url and not hote(f.url) then return "hote" end
  if f.url and not a_ses_reperes(f.url) then return "reperes" end
  if f.url and not (f.nom and f.attribution) then return "mention" end
  if not f.url and (f.nom or f.attribution) then return "sans_url" end
  return nil
end

function m.tout(signaler)
  local f = site.fond_de_carte
  local x = f and faute(f)
  if x then signaler(site, x == "mention" and "fond_de_carte" or "fond_de_carte.url", t("fond_" .. x, x == "reperes" and {x = "{x}", y = "{y}", z = "{z}"} or {}), "erreur") end
end

-- {nom, url, attribution, zoom_max, hote}; nil when the site wants none.
function m.du_site()
  local f = site.fond_de_carte
  if f and (not f.proposer or faute(f)) then return nil end
  local s = f and f.url and f or ign
  return {nom = s.nom, url = s.url, attribution = s.attribution, zoom_max = s.zoom_max, hote = hote(s.url)}
end

-- For pages with a map: the supplier's pictures, and nothing else, may come from elsewhere.
function m.csp()
  local f = m.du_site()
  return f and {["img-src"] = "'self' https://" .. f.hote} or nil
end

return m
