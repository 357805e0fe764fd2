-- Entered journeys in words, for a stage or an offer.
local facultes = require("facultes")
local mots = require("mots")

local m = {}

local function phrase(acces, nom)
  local s = nom .. "\u{a0}: " .. mots.trajet(acces)
  if acces.kilometres then s = s .. " (" .. nombre(acces.kilometres) .. "\u{a0}km)" end
  return s
end

-- What a journey leads to: the faculty by its town, where the territory has said which.
local function but(territoire, vers)
  local f = vers == "faculte" and territoire and territoire.faculte
  return f and capitale(facultes.dite(f.ville)) or t("vers_" .. vers)
end

-- "Faculté de Bordeaux : 45 min en voiture (58 km)", by the first of `n` lists of journeys that leads there (holes are allowed). What the
-- territory says starts from elsewhere, and keeps its own name: "Faculté de Tours depuis Vendôme : …". nil without any.
function m.vers(vers, territoire, listes, n)
  for i = 1, n do
    local a = mots.acces_vers(listes[i], vers)
    if a then return phrase(a, but(territoire, vers)) end
  end
  local a = territoire and mots.acces_vers(territoire.acces, vers)
  return a and phrase(a, a.nom or but(territoire, vers)) or nil
end

return m
