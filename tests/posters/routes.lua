-- 200 posters drawn by lot, each checked and published; run by tests/posters.sh.
local affiche = require("affiche")
local epreuve = require("epreuve")

local tirer = epreuve.tirage(20260915)
local mots = {"L'estuaire", "Le viaduc", "Été", "Les Hautes Terres d'Oc", "Saint-Germain-en-Auvergne-Est", "Çà et là", "Mi", "Wwwwwwwwwwwwwwwwwwwwwwwwwwwwww",
              "La vallée de la Bresle", "Iiiii", "Le grès rose", "Cœur de Sologne & Perche"}

-- Every value that the form offers is drawn, and nothing is drawn that the form does not offer.
local bibliotheque = {
  ciel = require("affiche_ciels").ciels, detail = require("affiche_ciels").details, relief = require("affiche_fonds").reliefs,
  eau = require("affiche_fonds").eaux, vegetation = require("affiche_plantes").vegetations, monument = require("affiche_monuments").figures,
}
local valeurs, couches = {}, 0
for _, champ in ipairs{"ciel", "relief", "eau", "vegetation", "monument", "detail"} do
  valeurs[champ] = {}
  local offertes = 0
  for cle in pairs(bibliotheque[champ]) do
    if libelle_de("territoire", "affiche." .. champ, cle) == nil then error("sans libellé : " .. champ .. " " .. cle) end
    valeurs[champ][#valeurs[champ] + 1] = cle
    couches = couches + 1
  end
  if champ == "monument" or champ == "detail" then valeurs[champ][#valeurs[champ] + 1] = "aucun" end
end
local offerts = une_fois("territoire", epreuve.offerts)
for champ, cles in pairs(offerts) do
  for _, cle in ipairs(cles) do
    if not cle:find("^aucun") and not bibliotheque[champ][cle] then error("rien n'est dessiné pour " .. champ .. " " .. cle) end
  end
end
if couches < 30 then error("moins de 30 couches : " .. couches) end
if epreuve.sol() > affiche.mot_haut then error("le mot dépasse le sol") end

local function couleur()
  return string.format("#%02x%02x%02x", tirer(256), tirer(256), tirer(256))
end

-- The heaviest of all: of each kind the layer with the longest paths.
local function poids(liste)
  local n = 0
  for _, c in ipairs(liste or {}) do n = n + #c[2] + 40 end
  return n
end
local lourde = {mot = mots[5]}
for champ, dessins in pairs(bibliotheque) do
  local plus = -1
  for cle, d in pairs(dessins) do
    local n = poids(d) + poids(d.loin) + poids(d.assise) + poids(d.large) + poids(d.cours) + poids(d.pres) + poids(d.devant) + poids(d.ciel) + poids(d.crete)
    if n > plus and d.veut ~= "falaise" then lourde[champ], plus = cle, n end
  end
end

local figures, boites = 0, {}
for i = 1, 200 do
  local a = {mot = mots[tirer(#mots) + 1]}
  for champ, liste in pairs(valeurs) do a[champ] = liste[tirer(#liste) + 1] end
  if i % 20 == 0 then a = nil end     -- a territory that chose nothing
  if i == 1 then a = lourde end
  local territoire = {slug = "epreuve-" .. i, titre = "Épreuve <" .. i .. "> & \"suite\"", couleurs = {couleur(), i % 3 > 0 and couleur() or nil}, affiche = a}
  figures = figures + epreuve.verifier("affiche " .. i, territoire, boites)
  route{url = "/epreuves/" .. i .. ".svg", layout = "affiche.svg", params = {titre = territoire.titre, territoire = territoire, format = "papier"}}
end
if figures < 1000 then error("trop peu de figures pour que l'épreuve vaille : " .. figures) end
