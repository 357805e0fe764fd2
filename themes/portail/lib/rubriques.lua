-- The sections of the portal: only those with something in them.
local m = {}

-- Those of the header's menu, then those that the foot, the doors of a public and the site's plan lead to.
local ordre = {"stages", "offres", "territoires", "hebergements", "etablissements", "sites_touristiques", "evenements"}
local suite = {
  "circuits", "temoignages", "professionnels", "permanences", "locaux", "mobilites", "services", "emplois_conjoint",
  "besoins", "aides", "demarches", "metiers", "formations", "actualites", "mouvements", "lettres", "actions", "indicateurs",
  "partenaires", "documents",
}

-- The folder, and first URL segment, of a collection.
function m.dossier(collection)
  return (collection:gsub("_", "-"))
end

-- site.yaml may name the sections it wants; empty means all.
local function voulue(dossier)
  local choisies = site.rubriques
  return #choisies == 0 or choisies:contains(dossier)
end

function m.existe(collection)
  local seuil = collection == "territoires" and 1 or 0
  return #site[collection] > seuil and voulue(m.dossier(collection))
end

local function ajouter(r, cles)
  for _, c in ipairs(cles) do
    if m.existe(c) then
      r[#r + 1] = {cle = c, titre = t("rubrique_" .. c), url = url("/" .. m.dossier(c) .. "/"), nombre = #site[c]}
    end
  end
  return r
end

-- Lists of {cle, titre, url, nombre}: the sections of the menu, the others, all of them, some of them.
function m.principales()
  return ajouter({}, ordre)
end

function m.secondaires()
  return ajouter({}, suite)
end

function m.toutes()
  return ajouter(m.principales(), suite)
end

function m.parmi(cles)
  return ajouter({}, cles)
end

-- A section has no page while nothing is in it: its entry waits. Any other address without a page is a mistake.
local function a_sa_page(adresse, champ)
  if page_existe(adresse) then return true end
  for _, cles in ipairs({ordre, suite}) do
    for _, c in ipairs(cles) do
      local base = "/" .. m.dossier(c) .. "/"
      if adresse:sub(1, #base) == base then return false end
    end
  end
  error(champ .. " de content/site.yaml : aucune page à l'adresse " .. adresse)
end

local function entrees()
  local r = {}
  local choisi = site.menu
  if #choisi > 0 then
    for i = 1, #choisi do
      if a_sa_page(choisi[i].adresse, "menu") then r[#r + 1] = {titre = choisi[i].texte, url = url(choisi[i].adresse)} end
    end
    return r
  end
  for _, e in ipairs(m.principales()) do
    if e.cle == "hebergements" and page_existe("/vivre-ici/") then r[#r + 1] = {titre = t("vivre_ici"), url = url("/vivre-ici/")} end
    r[#r + 1] = e
  end
  r[#r + 1] = {titre = t("contact"), url = url("/contact/")}
  return r
end

-- What the header shows: the site's own menu, or the sections.
function m.menu()
  return une_fois("", entrees)
end

-- The links that the site adds to its foot.
function m.du_pied()
  local r, liens = {}, site.pied and site.pied.liens or {}
  for i = 1, #liens do
    if a_sa_page(liens[i].adresse, "pied") then r[#r + 1] = {titre = liens[i].texte, url = url(liens[i].adresse)} end
  end
  return r
end

local function adresses()
  local r, menu = {}, m.menu()
  for i = 1, #menu do r[menu[i].url] = true end
  return r
end

local function marquer(adresse)
  local r, menu, accueil = "", m.menu(), url("/")
  for i = 1, #menu do
    local entree = menu[i].url
    if adresse == entree or entree ~= accueil and adresse:sub(1, #entree) == entree then
      r = r .. (r ~= "" and ";" or "") .. i .. "=" .. (adresse == entree and "page" or "true")
    end
  end
  return r
end

-- Which entries lead to a page, as a key: "1=page" (the entry's own), "2=true;5=true" (inside them); "" when none does. Pages that stand
-- side by side are inside the same ones.
function m.ici(adresse)
  if une_fois("", adresses)[adresse] then return marquer(adresse) end
  return une_fois((adresse:match("^(.*/)[^/]+/?$") or "/") .. "-", marquer)
end

-- What ici() says of an entry: "page", "true" or nil.
function m.marque(cle, i)
  return (";" .. cle:gsub("^/", "")):match(";" .. i .. "=(%a+)")
end

return m
