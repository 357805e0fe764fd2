-- A newsletter: what happened in its period, what is announced; as lists, and as plain text.
local aides = require("aides")
local cartes = require("cartes")
local evenements = require("evenements")
local mots = require("mots")
local offres = require("offres")

local m = {}

-- Does an item belong to one of the letter's territories?
local function concerne(lettre, x)
  for i = 1, #lettre.territoires do
    if x.territoires:contains(lettre.territoires[i]) then return true end
  end
  return false
end

local function pendant(lettre, nom_du_type, champ)
  local du, au = lettre.periode.du, lettre.periode.au
  return site:tous(nom_du_type):filter(function(x)
    local d = x[champ]
    return d ~= nil and du <= d and d <= au and x.publiee and concerne(lettre, x)
  end)
end

-- Events announced when the letter was sent.
local function annonces(lettre)
  local apres, avant = lettre.envoyee_le + 1, lettre.agenda_jusqu_au + 1
  return site:tous("evenement"):filter(function(e)
    return e.publiee and e.etat ~= "annule" and apres <= e.debut and e.debut < avant and concerne(lettre, e)
  end):sort("debut", "titre")
end

local function sans(l, choisis)
  return l:filter(function(x) return not choisis:contains(x) end)
end

-- {une, arrivees, departs, stages, offres, rendez_vous, nouvelles}, each a list.
function m.sommaire(lettre)
  local mouvements = pendant(lettre, "mouvement", "le"):sort("le", "titre")
  local une = lettre.a_la_une:filter(function(x) return x.publiee end)
  return {
    une = une,
    arrivees = mouvements:where{sens = {"arrivee", "remplacement"}},
    departs = mouvements:where{sens = "depart"},
    stages = sans(pendant(lettre, "terrain-de-stage", "publie_le"), une),
    offres = sans(pendant(lettre, "offre", "publie_le"), une),
    rendez_vous = sans(annonces(lettre), une),
    nouvelles = sans(pendant(lettre, "actualite", "publie_le"), une),
  }
end

-- One line of facts under a title.
function m.ligne(x)
  local territoire = cartes.lieu(x) or ""
  if x.type == "offre" then
    return mots.joindre(", ", {libelle(x, "nature"), mots.dans_la_phrase(offres.metier(x)), offres.commune(x) or "", x.listee and t("jusquau", {date = date(x.valide_au)}) or minuscules(x.etat_libelle)}, 4)
  elseif x.type == "evenement" then
    return mots.joindre(", ", {capitale(evenements.quand(x)), evenements.lieu(x) or ""}, 2)
  elseif x.type == "terrain-de-stage" then
    local stages = require("stages")
    return mots.joindre(", ", {table.concat((stages.niveaux(x, 1)), ", "), stages.commune(x) or "", territoire}, 3)
  elseif x.type == "aide" then
    return mots.joindre(", ", {aides.montants(x) and capitale(aides.montants(x)) or "", #x.territoires == 1 and territoire or ""}, 2)
  end
  return x.resume or territoire
end

-- The day after which the line of an item is over, or nil.
function m.fin(x)
  return x.type == "offre" and x.listee and x.valide_au or x.type == "evenement" and x.fin or nil
end

-- "12 juin 2026 : médecin, médecine générale, Camille Exemple, Maison de santé de Murat".
function m.mouvement(x)
  local e = x.etablissement
  return date(x.le) .. t("deux_points") .. mots.joindre(", ", {
    x.nom or "", mots.dans_la_phrase(offres.metier(x)), e and e.titre or x.commune or ""}, 3)
end

-- A letter is read in three minutes: of a long list, the first ones, and the address of the others.
m.combien = 8

-- "13 autres offres", nil when all are shown.
function m.autres(l, mot)
  return #l > m.combien and t("et_d_autres", {compte = mots.compte(#l - m.combien, mot)}) or nil
end

local largeur = 72

-- Words into lines; `retrait` before each but the first.
local function plier(r, texte, premier, retrait)
  local ligne, vide = premier, true
  for mot in texte:gmatch("%S+") do
    mot = mot:gsub("\u{a0}", " "):gsub("\u{202f}", " ")
    if not vide and utf8.len(ligne) + 1 + utf8.len(mot) > largeur then
      r[#r + 1] = ligne
      ligne, vide = retrait, true
    end
    ligne = vide and ligne .. mot or ligne .. " " .. mot
    vide = false
  end
  r[#r + 1] = ligne
end

local function titre(r, texte)
  r[#r + 1] = ""
  r[#r + 1] = majuscules(texte)
  r[#r + 1] = string.rep("-", utf8.len(texte))
end

local function fiches(r, nom, l, mot, ou)
  if #l == 0 then return end
  titre(r, nom)
  for i = 1, math.min(#l, m.combien) do
    local x = l[i]
    r[#r + 1] = ""
    plier(r, x.titre, "* ", "  ")
    plier(r, m.ligne(x), "  ", "  ")
    if x.url_absolue then r[#r + 1] = "  " .. x.url_absolue end
  end
  local autres = mot and page_existe(ou) and m.autres(l, mot)
  if autres then
    r[#r + 1] = ""
    plier(r, autres .. t("deux_points") .. url_absolue(ou), "  ", "  ")
  end
end

local function mouvements(r, nom, l)
  if #l == 0 then return end
  titre(r, nom)
  for i = 1, #l do
    local x = l[i]
    r[#r + 1] = ""
    plier(r, x.titre, "* ", "  ")
    plier(r, m.mouvement(x) .. ".", "  ", "  ")
    if x.suite then plier(r, x.suite, "  ", "  ") end
    if x.offre and x.offre.publiee and x.offre.listee then r[#r + 1] = "  " .. x.offre.url_absolue end
  end
end

local function pied(r, lettre)
  local a = site.lettre
  r[#r + 1] = ""
  r[#r + 1] = string.rep("=", largeur)
  plier(r, t("lettre_en_ligne") .. t("deux_points") .. lettre.url_absolue, "", "")
  if not a then return end
  if a.courriel then
    plier(r, t("s_abonner_par", {courriel = a.courriel, sujet = t("sujet_abonnement")}), "", "")
    plier(r, t("se_desabonner_par", {courriel = a.courriel, sujet = t("sujet_desabonnement")}), "", "")
  else
    plier(r, t("s_abonner") .. t("deux_points") .. a.url, "", "")
  end
  plier(r, a.conservation, "", "")
end

-- The whole letter as plain text, in lines of 72 characters.
function m.texte(lettre)
  local r, s = {}, m.sommaire(lettre)
  plier(r, majuscules(lettre.titre), "", "")
  plier(r, site.titre .. ", " .. date(lettre.envoyee_le), "", "")
  for i = 1, #lettre.mot do
    r[#r + 1] = ""
    plier(r, lettre.mot[i], "", "")
  end
  fiches(r, t("a_la_une"), s.une)
  mouvements(r, t("arrivees"), s.arrivees)
  mouvements(r, t("departs_titre"), s.departs)
  fiches(r, t("nouveaux_stages"), s.stages, "stage", "/stages/")
  fiches(r, t("nouvelles_offres"), s.offres, "offre", "/offres/")
  fiches(r, t("rendez_vous"), s.rendez_vous, "evenement", "/evenements/")
  fiches(r, t("rubrique_actualites"), s.nouvelles, "actualite", "/actualites/")
  pied(r, lettre)
  return table.concat(r, "\n") .. "\n"
end

-- Where the letter's other forms are, below the root of the site (and of its language).
function m.fichier(lettre, nom)
  local racine = url("/")
  return "/" .. lettre.url:sub(#racine + 1) .. nom
end

return m
