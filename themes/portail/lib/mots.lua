-- Sentences made of facts.
local m = {}

-- compte(3, "offre") → "3 offres", in the page's language.
function m.compte(n, mot)
  return t(pluriel(n, "un_", "des_") .. mot, {n = nombre(n)})
end

-- A label inside a sentence: its first letter in lower case, unless it is an abbreviation ("ORL").
function m.dans_la_phrase(texte)
  local apres = utf8.offset(texte, 2) or #texte + 1
  local premiere, reste = texte:sub(1, apres - 1), texte:sub(apres)
  local deuxieme = reste:sub(1, (utf8.offset(reste, 2) or #reste + 1) - 1)
  if deuxieme ~= minuscules(deuxieme) then return texte end
  return minuscules(premiere) .. reste
end

-- A heading ("h3") that links to an item; a title in another language says so.
function m.titre_lie(item, balise)
  local attributs = {href = item.url}
  if item.langue ~= langue then attributs.lang = item.langue end
  return el(balise, {}, el("a", attributs, item.titre))
end

-- The name by which one speaks of a territory or a place.
local function court(item)
  return item.nom_court or item.titre
end
m.court = court

-- "45 min", "1 h 10".
function m.minutes(n)
  if n < 60 then return t("minutes", {n = nombre(n)}) end
  if n % 60 == 0 then return t("heures", {n = nombre(n // 60)}) end
  return t("heures_minutes", {h = nombre(n // 60), m = string.format("%02d", n % 60)})
end

-- "45 min en voiture", "1 h 10 en train".
function m.trajet(acces)
  return m.minutes(acces.duree_minutes) .. " " .. libelle(acces, "mode")
end

local function distance_en_mots(km)
  return km < 0.1 and t("a_deux_pas") or t("a_km", {km = nombre(km, {decimales = 1})})
end

-- "à 1,2 km à vol d'oiseau", "à deux pas" under a hundred metres.
function m.a_vol(de, a)
  return une_fois(distance(de, a), distance_en_mots)
end

-- "1,2 km", where the page has said from where and how it is measured.
function m.a_vol_court(de, a)
  local km = distance(de, a)
  return km < 0.1 and t("a_deux_pas") or nombre(km, {decimales = 1}) .. "\u{a0}km"
end

-- The first journey of the list that leads there, or nil.
function m.acces_vers(liste_acces, vers)
  if not liste_acces then return nil end
  for i = 1, #liste_acces do
    if liste_acces[i].vers == vers then return liste_acces[i] end
  end
  return nil
end

-- The parts that exist, joined: joindre(" · ", {a, b}, 2); holes are allowed.
local function joindre(lien, parties, n)
  local presentes = {}
  for i = 1, n do
    if parties[i] and parties[i] ~= "" then presentes[#presentes + 1] = parties[i] end
  end
  return table.concat(presentes, lien)
end
m.joindre = joindre

-- "francetravail.fr/offres" of "https://www.francetravail.fr/offres/": as one reads an address aloud.
function m.site_lisible(adresse)
  return (adresse:gsub("^https?://", ""):gsub("^www%.", ""):gsub("/$", ""))
end

-- "12 rue de l'Exemple, 33390 Blaye".
function m.adresse(a)
  if not a then return nil end
  local ville = joindre(" ", {a.code_postal, a.commune}, 2)
  return joindre(", ", {a.voie, a.complement, ville}, 3)
end

-- The town of a place, unless its name already says it; nil then.
function m.commune_en_plus(lieu)
  local commune = lieu.adresse and lieu.adresse.commune
  if not commune or court(lieu):find(commune, 1, true) then return nil end
  return commune
end

-- "Médecins généralistes : 2, secrétaire médicale : 1", as a place says it; nil when it says nothing.
function m.equipe(lieu)
  local r = {}
  for i = 1, #lieu.equipe do
    local e = lieu.equipe[i]
    local metier = i > 1 and m.dans_la_phrase(e.profession) or e.profession
    r[i] = e.effectif and metier .. t("deux_points") .. nombre(e.effectif) or metier
  end
  return #r > 0 and table.concat(r, ", ") or nil
end

-- "du 12 au 16 octobre 2026", "jusqu'au …", "à partir du …"; nil without a date.
function m.entre(du, au)
  if du and au then return periode(du, au) end
  if au then return t("jusquau", {date = date(au)}) end
  if du then return t("a_partir_du", {date = date(du)}) end
  return nil
end

return m
