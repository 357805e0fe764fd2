-- What this portal publishes of persons: read from the types that declare it (`x_donnees_personnelles`) and from what is published.
local m = {}

-- The types that may hold personal fields, as the theme ships them.
local types = {"guichet", "professionnel", "temoignage", "mouvement"}

local function champs_personnels(modele_)
  local r = {}
  for i = 1, #modele_.champs do
    local c = modele_.champs[i]
    if c.personnel and c.export ~= false then r[#r + 1] = minuscules(c.libelle) end
  end
  return r
end

-- List of {nom, finalite, champs, nombre}: one line for each type of which at least one person agreed.
function m.lignes()
  local r = {}
  for _, nom in ipairs(types) do
    local mo = modele(nom)
    if mo and mo.x_donnees_personnelles then
      local n = 0
      local items = site:tous(nom)
      for i = 1, #items do
        if items[i].consentement and not passe(items[i].consentement.jusqu_au) then n = n + 1 end
      end
      if n > 0 then
        r[#r + 1] = {nom = mo.pluriel, finalite = mo.x_donnees_personnelles, champs = capitale(liste(champs_personnels(mo), t("et"))), nombre = nombre(n)}
      end
    end
  end
  return r
end

return m
