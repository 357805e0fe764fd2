-- The portal on a device: which pages its service worker fetches beforehand, what it says of a page without network (docs/theme.md §7).
local rubriques = require("rubriques")

local m = {}

-- What the worker may hold, in bytes as they are stored: the pages fetched beforehand with all they need; those that were visited.
m.octets_coquille = 2000000
m.octets_visites = 3000000
m.pages_visitees = 60

function m.actif()
  return site.en_ligne == "oui" and site.hors_ligne ~= "non"
end

local function sur_cet_ordinateur()
  local hote = site.url:match("^https?://%[?([^/%]]+)") or ""
  return hote:match("^localhost") or hote:match("^127%.") or hote:match("^::1")
end

-- The address that pages register, or nil. A site built for this computer is a trial: it must ask for a worker by name.
function m.a_inscrire()
  if not m.actif() or (sur_cet_ordinateur() and site.hors_ligne ~= "oui") then return nil end
  return url("/sw.js")
end

-- The folder of the portal on its host, "/" or "/portail/".
function m.racine()
  return asset("style.css"):match("^(.*/)assets/")
end

local function prefixe(l)
  return l == site.langues[1] and m.racine() or m.racine() .. l .. "/"
end

-- What every visitor may want next, the most wanted first.
local function voulues()
  local r = {"", "hors-ligne/", "ma-selection/", "contact/"}
  for _, e in ipairs(rubriques.principales()) do r[#r + 1] = rubriques.dossier(e.cle) .. "/" end
  return r
end

-- A new publication has another version: the hashes of all files, folded.
local function lire_manifeste(manifeste)
  local version, tailles = 0, {}
  for i = 1, #manifeste do
    local f = manifeste[i]
    version = (version ~ tonumber(f.hash, 16)) * 1099511628211
    if f.url:sub(-1) == "/" then tailles[f.url] = f.taille end
  end
  return string.format("%016x", version), tailles
end

-- Half of the shell's bytes are for pages, the other half for style sheets, scripts and fonts, which the worker finds in the pages.
local function choisir(tailles)
  local r, somme = {}, 0
  for i = 1, #site.langues do
    local debut = prefixe(site.langues[i])
    for _, v in ipairs(voulues()) do
      local taille = tailles[debut .. v]
      if taille and somme + taille <= m.octets_coquille // 2 then
        somme = somme + taille
        r[#r + 1] = debut .. v
      end
    end
  end
  return r
end

-- What /sw.js knows of this publication.
function m.ouvrier(manifeste)
  local version, tailles = lire_manifeste(manifeste)
  local langues = {}
  for i = 1, #site.langues do
    local debut = prefixe(site.langues[i])
    langues[i] = {prefixe = debut, secours = debut .. "hors-ligne/"}
  end
  return {
    version = version, racine = m.racine(), pages = choisir(tailles), langues = langues,
    octets = m.octets_coquille, visites = m.octets_visites, nombre = m.pages_visitees,
  }
end

return m
