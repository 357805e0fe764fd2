-- What a territory can post and print: short texts made from its stages, offers and events, each with its address.
local evenements = require("evenements")
local mots = require("mots")
local offres = require("offres")
local stages = require("stages")

local m = {}

local function texte(item, faits)
  return mots.joindre(". ", faits, #faits) .. ". " .. item.url_absolue
end

local function du_stage(choix)
  local s, session = choix.stage, choix.session
  local h = stages.logement(s)
  local quand = session.choix_au and mots.entre(session.choix_du, session.choix_au)
  return {titre = s.titre, url = s.url, fin = session.choix_au, texte = texte(s, {
    s.titre,
    t("postes_pour", {postes = mots.compte(session.postes, "poste"), semestre = date(session.semestre, "mois")}),
    h and t("logement") .. t("deux_points") .. stages.loyer(h) or "",
    quand and t("choix") .. t("deux_points") .. quand or "",
  })}
end

local function de_l_offre(o)
  return {titre = o.titre, url = o.url, fin = o.valide_au, texte = texte(o, {
    o.titre, offres.commune(o) or "", offres.revenu(o) or "", t("repondre_jusquau", {date = date(o.valide_au)}),
  })}
end

local function de_l_evenement(e)
  return {titre = e.titre, url = e.url, fin = e.fin, texte = texte(e, {
    e.titre, capitale(evenements.quand(e)), capitale(evenements.lieu(e) or ""), e.gratuit and t("gratuit") or "",
  })}
end

-- List of {titre, url, texte, fin: its last day or nil}: what can be chosen soon, what comes, what is open; the texts take what the item says, and no more.
function m.messages(territoire)
  local r = {}
  for _, c in ipairs(stages.a_choisir(territoire.stages, 3)) do r[#r + 1] = du_stage(c) end
  local rdvs, postes = territoire.evenements:take(3), territoire.offres:take(3)
  for i = 1, #rdvs do r[#r + 1] = de_l_evenement(rdvs[i]) end
  for i = 1, #postes do r[#r + 1] = de_l_offre(postes[i]) end
  return r
end

-- Is there something to post?
function m.a_dire(territoire)
  return #territoire.stages > 0 or #territoire.evenements > 0 or #territoire.offres > 0
end

return m
