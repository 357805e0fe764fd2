-- The duties of a public site: what is still to be written before it goes online, and what time has overtaken.
-- Before that day they are a list to work through; once online what is missing is an error, what has grown old a warning: a date
-- that passes must not keep a portal from being published.
local acces = require("accessibilite")

local m = {}

local function ajouter(r, sur, champ, cle)
  r[#r + 1] = {sur = sur, champ = champ, texte = t("devoir_" .. cle)}
end

-- Fields of an object of site.yaml; the whole object is said once.
local function du_site(r, objet, champs)
  local o = site[objet]
  if not o then
    if site.en_ligne ~= "oui" then ajouter(r, site, objet, objet) end      -- else the type of site.yaml says so
    return
  end
  for _, c in ipairs(champs) do
    if not o[c] then ajouter(r, site, objet, objet .. "_" .. c) end
  end
end

-- What is missing: {sur (site or item), champ, texte}.
function m.manques()
  local r, f = {}, acces.fiche()
  du_site(r, "editeur", {"adresse", "telephone", "directeur_publication", "delegue_protection_donnees"})
  du_site(r, "hebergeur", {"adresse", "telephone"})
  if not f then ajouter(r, site, "en_ligne", "declaration") end
  if not acces.contact() then ajouter(r, f or site, f and "contact" or "editeur", "contact_accessibilite") end
  if f and not f.schema_pluriannuel then ajouter(r, f, "schema_pluriannuel", "schema") end
  if f and #f.plans_annuels == 0 then ajouter(r, f, "plans_annuels", "plan") end
  return r
end

-- What is good to do and no law asks for.
function m.conseils()
  local r, f = {}, acces.fiche()
  if not (f and f.audit) then ajouter(r, site, "en_ligne", "audit") end
  if not site.licence_des_donnees then ajouter(r, site, "licence_des_donnees", "licence") end
  return r
end

local function audit(signaler, f)
  local cause = acces.caducite(f)
  if cause then signaler(f, "audit", t("audit_caduc_" .. cause, {date = date(f.audit.le)}), "avertissement") end
  local taux = f.audit.taux
  if taux < 100 and #f.non_conformites + #f.derogations == 0 then signaler(f, "audit", t("audit_sans_non_conformites", {taux = pourcent(taux)}), "avertissement") end
  if taux >= 100 and #f.non_conformites > 0 then signaler(f, "non_conformites", t("audit_total_et_non_conformites"), "erreur") end
end

local function schema(signaler, f)
  local s = f.schema_pluriannuel
  if passe(s.au) then signaler(f, "schema_pluriannuel", t("schema_echu", {date = date(s.au)}), "avertissement") end
  if s.au >= s.du:plus_mois(36) then signaler(f, "schema_pluriannuel", t("schema_trop_long"), "erreur") end
end

local function plans(signaler, f)
  local dernier = 0
  for i = 1, #f.plans_annuels do dernier = math.max(dernier, f.plans_annuels[i].annee) end
  if dernier < site.date.annee then signaler(f, "plans_annuels", t("plan_echu", {annee = tostring(site.date.annee)}), "avertissement") end
end

-- Law 94-665, article 4: what a public body translates, it translates into two languages at least.
local function langues(signaler)
  if #site.langues == 2 then signaler(site, "langues", t("une_seule_traduction"), "avertissement") end
end

function m.tout(signaler)
  local f, manques = acces.fiche(), m.manques()
  if site.en_ligne == "oui" then
    for _, x in ipairs(manques) do signaler(x.sur, x.champ, x.texte, "erreur") end
  elseif #manques > 0 then
    signaler(site, "en_ligne", t("devoirs_restants", {n = nombre(#manques)}), "note")
  end
  if f and f.audit then audit(signaler, f) end
  if f and f.schema_pluriannuel then schema(signaler, f) end
  if f and #f.plans_annuels > 0 then plans(signaler, f) end
  langues(signaler)
end

return m
