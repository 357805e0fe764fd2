-- The figures of a territory that the site does not count itself, each with its year and source.
local accueil = require("accueil")
local aides = require("aides")
local vie = require("vie")

local m = {}

function m.chiffres(territoire)
  local r = {}
  local p = territoire.population
  if p then
    local source = p.source or ""
    if p.millesime then source = source .. (source ~= "" and ", " or "") .. tostring(p.millesime) end
    r[1] = {libelle = t("habitants"), valeur = nombre(p.valeur), source = source}
  end
  if territoire.communes_nombre then
    r[#r + 1] = {libelle = t("communes"), valeur = nombre(territoire.communes_nombre), source = ""}
  end
  for i = 1, #territoire.chiffres do
    local c = territoire.chiffres[i]
    r[#r + 1] = {
      libelle = c.libelle,
      valeur = nombre(c.valeur) .. (c.unite and " " .. c.unite or ""),
      source = c.source .. ", " .. tostring(c.annee),
    }
  end
  return r
end

-- The folder of a territory's own files: the root of a site that has no other.
local function dossier(territoire)
  return #site.territoires == 1 and "/" or "/territoires/" .. territoire.slug .. "/"
end

-- The addresses of its poster: the sheet to print, the picture to share.
function m.affiche(territoire)
  return dossier(territoire) .. "affiche.svg"
end

function m.partage(territoire)
  return dossier(territoire) .. "partage.svg"
end

-- Painting a poster takes as long as drawing some eighty pages: beyond a dozen territories all share the portal's picture.
local plafond = 12

-- The territories with a picture of their own for previews of links, and its address.
function m.apercus()
  local r = {}
  if #site.territoires > plafond then return r end
  for i = 1, #site.territoires do
    r[i] = {territoire = site.territoires[i], adresse = dossier(site.territoires[i]) .. "apercu.png"}
  end
  return r
end

-- What a page about this territory (nil: about none) is previewed with: {adresse, titre}; nil on a site without territories.
function m.apercu(territoire)
  local sien = territoire and dossier(territoire) .. "apercu.png"
  if sien and page_existe(sien) then return {adresse = sien, titre = territoire.titre} end
  return page_existe("/apercu.png") and {adresse = "/apercu.png", titre = site.titre} or nil
end

-- The addresses of its note for those who decide, and of what it can print and post.
function m.note(territoire)
  return #site.territoires == 1 and "/note/" or "/note/" .. territoire.slug .. "/"
end

function m.a_diffuser(territoire)
  return #site.territoires == 1 and "/a-diffuser/" or "/a-diffuser/" .. territoire.slug .. "/"
end

-- The parts of its page that are worth a jump: list of {ancre, titre, nombre}, in the order of the page.
function m.parties(territoire)
  local r = {}
  local function partie(ancre, titre, liste)
    if #liste > 0 then r[#r + 1] = {ancre = ancre, titre = titre, nombre = #liste} end
  end
  local sauts = {
    stages = function() partie("stages", t("rubrique_stages"), territoire.stages) end,
    offres = function() partie("offres", t("rubrique_offres"), territoire.offres) end,
    vivre = function()
      if vie.a_dire(territoire) then
        r[#r + 1] = {ancre = "vivre", titre = t("vivre_ici")}
      else
        partie("logements", t("ou_dormir"), territoire.hebergements)
      end
    end,
    etablissements = function() partie("lieux", t("rubrique_etablissements"), territoire.etablissements) end,
    projet = function()
      partie("besoins", t("ce_qui_manque_ici"), territoire.besoins)
      partie("aides", t("aides_ici"), aides.du_territoire(territoire))
      partie("actions", t("cls"), territoire.actions)
    end,
  }
  for _, p in ipairs(accueil.du_territoire()) do
    if sauts[p] then sauts[p]() end
  end
  return r
end

-- The address of the territory's calendar.
function m.ics(territoire)
  return "/territoires/" .. territoire.slug .. ".ics"
end

return m
