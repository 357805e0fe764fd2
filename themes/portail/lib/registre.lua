-- What this portal publishes of persons: read from the types that declare it (`x_donnees_personnelles`) and from what is published.
local m = {}

local function champs_personnels(modele_)
  local r = {}
  for i = 1, #modele_.champs do
    local c = modele_.champs[i]
    if c.personnel and c.export ~= false then r[#r + 1] = minuscules(c.libelle) end
  end
  return r
end

-- Where the names may appear by the consents of today: "Sur la page (3), dans la recherche (1)".
local function portees(nom, accords)
  local r = {}
  local valeurs = require("modeles").champ(nom, "consentement").champs
  for i = 1, #valeurs do
    if valeurs[i].nom == "portee" then valeurs = valeurs[i].de.valeurs break end
  end
  for i = 1, #valeurs do
    local n = 0
    for _, a in ipairs(accords) do n = n + (a.portee:contains(valeurs[i].cle) and 1 or 0) end
    if n > 0 then r[#r + 1] = minuscules(valeurs[i].libelle) .. " (" .. nombre(n) .. ")" end
  end
  return capitale(table.concat(r, ", "))
end

local function accords_en_cours(nom)
  local r, items = {}, site:tous(nom)
  for i = 1, #items do
    local c = items[i].consentement
    if c and not passe(c.jusqu_au) then r[#r + 1] = c end
  end
  return r
end

-- List of {nom, finalite, champs, nombre, portees}: one line for each type of which at least one person agreed.
function m.lignes()
  local r = {}
  for _, c in ipairs(require("export").collections()) do
    local mo = modele(c.type)
    local accords = mo.x_donnees_personnelles and accords_en_cours(c.type) or {}
    if #accords > 0 then
      r[#r + 1] = {
        nom = mo.pluriel, finalite = traduit(mo.x_donnees_personnelles), champs = capitale(liste(champs_personnels(mo), t("et"))), nombre = nombre(#accords),
        portees = portees(c.type, accords),
      }
    end
  end
  return r
end

return m
