-- What the frame of a page asks about the page it frames.
local modeles = require("modeles")

local m = {}

-- Is it an item's own page (else a page of routes.lua)?
local function est_item(page)
  return sorte(page) == "item"
end
m.est_item = est_item

-- With one territory the home is its page.
local function un_seul_territoire()
  return #site.territoires == 1
end
m.un_seul_territoire = un_seul_territoire

local function est_accueil(page)
  return page.url == url("/")
end
m.est_accueil = est_accueil

local function a_des_territoires(nom_du_type)
  return modeles.a_le_champ(nom_du_type, "territoires")
end

-- The territory a page is about: its own, or the first of those it names.
function m.territoire(page)
  if not est_item(page) then
    return page.territoire or (un_seul_territoire() and site.territoires[1]) or nil
  end
  local genre = page.type
  if genre == "territoire" then return page end
  local premier = une_fois(genre, a_des_territoires) and page.territoires[1]
  return premier or un_seul_territoire() and site.territoires[1] or nil
end

-- The class that carries the colours of the page, whose territory may be given.
function m.classe(page, territoire)
  territoire = territoire or m.territoire(page)
  return territoire and ("t-" .. territoire.slug) or "t-site"
end

-- What tells a page from others of the same title: the day of an event that comes back, the number of a page of a list.
local function precision(page)
  if est_item(page) then return page.type == "evenement" and ", " .. date(page.debut) or "" end
  return page.page and page.page > 1 and ", " .. t("page_n", {n = tostring(page.page), sur = tostring(page.pages)}) or ""
end

-- The title for a tab or a list of results, where nothing stands beside it.
function m.titre(page)
  if est_accueil(page) then return site.titre end
  return page.titre .. precision(page) .. " · " .. site.titre
end

-- A type of the site's own may have no summary.
local function a_un_resume(nom_du_type)
  return modeles.a_le_champ(nom_du_type, "resume")
end

local function description_de_l_item(item)
  local genre = item.type
  local resume = une_fois(genre, a_un_resume) and item.resume
  if not resume and genre == "temoignage" then resume = tronquer(item.citation, 200) end
  if not resume and genre == "partenaire" then resume = item.role end
  resume = resume or site.sous_titre or site.titre
  return genre == "evenement" and capitale(date(item.debut)) .. t("deux_points") .. resume or resume
end

function m.description(page)
  if est_item(page) then return description_de_l_item(page) end
  local resume = page.resume or site.sous_titre or site.titre
  -- Lists of one kind share a sentence; the title tells which this one is.
  local suite = precision(page)
  return (page.precise or suite ~= "") and page.titre .. suite .. ". " .. resume or resume
end

-- The photograph that a link to the page is shared with: the first one of the item that networks can show, or nil.
local partageables = {["image/jpeg"] = true, ["image/png"] = true}
local function a_des_images(nom_du_type)
  return modeles.a_le_champ(nom_du_type, "images")
end

function m.photo(page)
  if not est_item(page) or not une_fois(page.type, a_des_images) then return nil end
  local images = page.images
  for i = 1, #images do
    if partageables[images[i].fichier.mime] then return images[i] end
  end
  return nil
end

-- A page that no search engine should keep.
function m.cachee(page)
  return not page.index
end

-- "15 septembre 2026" from "2026-09-15": the build's date is not asked for, so no page changes at midnight.
function m.date_en_toutes_lettres(iso)
  local a, mois, j = iso:match("^(%d+)-(%d+)-(%d+)")
  local jour = tonumber(j)
  return t("date_longue", {jour = jour == 1 and t("premier") or tostring(jour), mois = t("mois_" .. mois), annee = a})
end

-- The same page in the site's other languages.
function m.traductions(page)
  local r = {}
  for i = 1, #page.traductions do
    if page.traductions[i].langue ~= langue then r[#r + 1] = page.traductions[i] end
  end
  return r
end

return m
