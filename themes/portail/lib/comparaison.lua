-- The territories side by side: the same lines for all, counted from the content, and what each has filled in.
local chiffres = require("chiffres")
local contact = require("contact")
local mots = require("mots")

local m = {}

local function compte(collection)
  return function(x) return #x[collection] > 0 and nombre(#x[collection]) or nil end
end

-- "0 à 320 €"; one amount when all cost the same; nil without a lodging.
local function loyers(x)
  local bas, haut = chiffres.loyers(x.hebergements)
  if not bas then return nil end
  return bas == haut and montant(bas) or capitale(t("de_a", {de = nombre(bas), a = montant(haut)}))
end

local function vers(cible)
  return function(x)
    local trajets = x.acces:where{vers = cible}
    return #trajets > 0 and mots.trajet(trajets[1]) or nil
  end
end

local function contrat(x)
  local c = x.cls
  return c and c.debut and c.fin and capitale(t("de_a", {de = tostring(c.debut), a = tostring(c.fin)})) or nil
end

local function reponse(x)
  local g = contact.du_territoire(x)
  return g and g.delai_reponse or nil
end

local function maitres_de_stage(x)
  local n = #x.professionnels:where{roles = "msu"}
  return n > 0 and nombre(n) or nil
end

local lignes = {
  {"habitants", function(x) return x.population and nombre(x.population.valeur) or nil end},
  {"communes", function(x) return x.communes_nombre and nombre(x.communes_nombre) or nil end},
  {"intercommunalites", compte("intercommunalites")},
  {"cls", contrat},
  {"trajet_faculte", vers("faculte")},
  {"rubrique_stages", compte("stages")},
  {"rubrique_offres", compte("offres")},
  {"rubrique_hebergements", compte("hebergements")},
  {"loyers", loyers},
  {"rubrique_etablissements", compte("etablissements")},
  {"maitres_de_stage", maitres_de_stage},
  {"rubrique_aides", function(x) local n = #require("aides").du_territoire(x); return n > 0 and nombre(n) or nil end},
  {"rubrique_services", compte("services")},
  {"rendez_vous_a_venir", compte("evenements")},
  {"delai_reponse", reponse},
}

-- List of {titre, valeurs}: a value for each territory, false where nothing was told.
function m.tableau(territoires)
  local r = {}
  for i, ligne in ipairs(lignes) do
    local valeurs = {}
    for j = 1, #territoires do valeurs[j] = ligne[2](territoires[j]) or false end
    r[i] = {titre = t(ligne[1]), valeurs = valeurs}
  end
  return r
end

-- Fields nobody expects of every territory.
local facultatifs = {brouillon = true, anciennes_adresses = true, images = true, dans = true, siren = true, communes = true, verifie_le = true, chiffres = true}

local function rempli(valeur)
  return valeur ~= nil and (sorte(valeur) ~= "liste" or #valeur > 0)
end

local function fiche(x)
  local oui, tous = 0, 0
  local champs = modele("territoire").champs
  for i = 1, #champs do
    local nom = champs[i].nom
    if not facultatifs[nom] then
      tous = tous + 1
      if rempli(x[nom]) then oui = oui + 1 end
    end
  end
  return oui, tous
end

local function part(collection, f)
  return function(x) return #x[collection]:filter(f), #x[collection] end
end

local questions = {
  {"complet_fiche", fiche},
  {"complet_stage_logement", part("stages", function(s) return #s.hebergements > 0 or s.sans_hebergement ~= nil end)},
  {"complet_stage_trajet", part("stages", function(s) return #s.acces > 0 end)},
  {"complet_stage_indemnite", part("stages", function(s) return #s.indemnites > 0 end)},
  {"complet_offre_logement", part("offres", function(o) return #o.hebergements > 0 end)},
  {"complet_logement_equipement", part("hebergements", function(h) return #h.equipement > 0 end)},
  {"complet_lieu_equipe", part("etablissements", function(e) return #e.equipe > 0 end)},
  {"complet_lieu_visite", part("etablissements", function(e) return e.visite_possible ~= nil end)},
}

-- The same, of {titre, valeurs}, where a value says "4 sur 5".
function m.completude(territoires)
  local r = {}
  for i, q in ipairs(questions) do
    local valeurs = {}
    for j = 1, #territoires do
      local oui, tous = q[2](territoires[j])
      valeurs[j] = tous > 0 and t("n_sur", {n = nombre(oui), tous = nombre(tous)}) or false
    end
    r[i] = {titre = t(q[1]), valeurs = valeurs}
  end
  return r
end

return m
