-- What one asks of an aid: how much, where, from whom.
local mots = require("mots")

local m = {}

-- "10 000 € en une fois".
function m.montant(x)
  return montant(x.valeur) .. " " .. libelle(x, "unite")
end

-- The sums of an aid in one phrase: "1 200 € brut par mois", "de 3 000 à 10 000 € en une fois"; nil when it is no money.
function m.montants(aide)
  local l = aide.montants
  if #l == 0 then return nil end
  local bas, haut, davantage = l[1].valeur, l[1].valeur, false
  for i = 2, #l do
    if l[i].s_ajoute or l[i].unite ~= l[1].unite then
      davantage = true
    else
      bas, haut = math.min(bas, l[i].valeur), math.max(haut, l[i].valeur)
    end
  end
  local texte = m.montant(l[1])
  if bas ~= haut then texte = t("de_a", {de = nombre(bas), a = montant(haut)}) .. " " .. libelle(l[1], "unite") end
  return davantage and texte .. ", " .. t("et_davantage") or texte
end

-- "ZIP, ZAC"; nil when the aid holds everywhere. For a list: short; in full: the names.
local function noms(aide, en_entier)
  local modeles, r = require("modeles"), {}
  for i = 1, #aide.zones do
    local z = aide.zones[i]
    r[i] = en_entier and mots.dans_la_phrase(libelle_de("aide", "zones", z)) or modeles.attribut("aide", "zones", z, "abrege") or libelle_de("aide", "zones", z)
  end
  return r
end

function m.zones(aide)
  if #aide.zones == 0 then return nil end
  return table.concat(noms(aide, false), ", ")
end

function m.zones_en_entier(aide)
  if #aide.zones == 0 then return t("partout") end
  return capitale(liste(noms(aide, true), t("ou")))
end

-- Those that hold everywhere.
local function partout()
  local r = {}
  for i = 1, #site.aides do
    local a = site.aides[i]
    if #a.territoires == 0 then r[#r + 1] = a end
  end
  return {aides = r}
end

-- The aids of a territory, its own first, then those of everywhere: a table.
function m.du_territoire(territoire)
  local r = {}
  for i = 1, #territoire.aides do r[i] = territoire.aides[i] end
  for _, a in ipairs(une_fois("", partout).aides) do r[#r + 1] = a end
  return r
end

return m
