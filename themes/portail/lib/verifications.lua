-- What a careful reader of the content would ask the editor to look at again. Run once by routes.lua, which gives `signaler`.
local facettes = require("facettes")
local modeles = require("modeles")

local m = {}

-- A fact or a contact that nobody has checked for this many days is to be checked again.
local delai = 180

local function perime(d)
  return d ~= nil and d + delai < site.date
end

local function faits(signaler, items)
  for i = 1, #items do
    local x = items[i]
    if perime(x.verifie_le) then
      signaler(x, "verifie_le", t("verif_fait_ancien", {date = date(x.verifie_le), jours = nombre(delai)}), "avertissement")
    end
  end
end

local function contacts(signaler)
  for i = 1, #site.guichets do
    local g = site.guichets[i]
    if perime(g.maj_le) then
      signaler(g, "maj_le", t("verif_contact_ancien", {date = date(g.maj_le), jours = nombre(delai)}), "avertissement")
    end
  end
end

local function bornes(quoi)
  local valeurs = modeles.champ("besoin", "densite").champs[1].valeurs
  for i = 1, #valeurs do
    if valeurs[i].cle == quoi then return tonumber(valeurs[i].attributs.minimum), tonumber(valeurs[i].attributs.maximum) end
  end
  return nil
end

-- A density outside what exists in France is most often a density for ten times more or fewer people.
local function densite(signaler, x, champ, quoi, valeur, habitants)
  local bas, haut = bornes(quoi)
  local pour_cent_mille = valeur * 100000 / habitants
  if bas and (pour_cent_mille < bas or pour_cent_mille > haut) then
    local mesure = {valeur = nombre(valeur), habitants = nombre(habitants), bas = nombre(bas * habitants / 100000), haut = nombre(haut * habitants / 100000)}
    signaler(x, champ, t("verif_densite", mesure), "avertissement")
  end
end

local function densites(signaler)
  for i = 1, #site.besoins do
    local b = site.besoins[i]
    local d = b.densite
    if d then densite(signaler, b, "densite.valeur", d.de, d.valeur, d.pour == "dix_mille" and 10000 or 100000) end
  end
  for i = 1, #site.indicateurs do
    local x = site.indicateurs[i]
    if x.densite_de then
      local v = require("indicateurs").derniere(x)
      densite(signaler, x, "valeurs", x.densite_de, v.valeur, x.unite == "dix_mille" and 10000 or 100000)
    end
  end
end

-- A figure that a territory gives in its own words: "Médecins généralistes", "pour 10 000 habitants".
local function chiffres(signaler)
  for i = 1, #site.territoires do
    local x = site.territoires[i]
    for j = 1, #x.chiffres do
      local c = x.chiffres[j]
      local habitants = c.unite and c.unite:gsub("\u{a0}", ""):gsub("\u{202f}", ""):gsub(" ", ""):match("^pour(10+)hab")
      if habitants and minuscules(c.libelle):find("généraliste", 1, true) then
        densite(signaler, x, "chiffres", "medecins_generalistes", c.valeur, tonumber(habitants))
      end
    end
  end
end

-- A title is published everywhere; a name only where the person agreed.
local function noms(signaler)
  local mouvements = site.mouvements
  for i = 1, #mouvements do
    local x = mouvements[i]
    if x.nom and x.titre:find(x.nom, 1, true) then signaler(x, "titre", t("verif_nom_dans_le_titre", {nom = x.nom}), "erreur") end
  end
end

-- The address of somebody's home is kept out by the type; a point to the metre would tell it again. Three decimals are about 100 m.
local function chez_l_habitant(signaler)
  for i = 1, #site.hebergements do
    local h = site.hebergements[i]
    if h.position_approchee and h.geo then
      local lat, lon = h.geo.lat * 1000, h.geo.lon * 1000
      if math.abs(lat - math.floor(lat + 0.5)) > 1e-6 or math.abs(lon - math.floor(lon + 0.5)) > 1e-6 then
        signaler(h, "geo", t("verif_position"), "avertissement")
      end
    end
  end
end

function m.tout(signaler)
  for _, collection in ipairs(facettes.collections) do
    if #site[collection] > 0 and modeles.a_le_champ(facettes.type_de(collection), "verifie_le") then faits(signaler, site[collection]) end
  end
  contacts(signaler)
  densites(signaler)
  chiffres(signaler)
  noms(signaler)
  chez_l_habitant(signaler)
  if #site.lettres > 0 and not site.lettre then signaler(site, "lettre", t("verif_lettre"), "avertissement") end
end

return m
