-- What one asks of a stage first: where, lodging, money, and how one chooses.
local modeles = require("modeles")
local mots = require("mots")
local trajets = require("trajets")

local m = {}

-- The first place whose page exists, or the first named; nil without places.
function m.etablissement(stage)
  local lieux = stage.lieux
  for i = 1, #lieux do
    if lieux[i].etablissement.publiee then return lieux[i].etablissement end
  end
  return #lieux > 0 and lieux[1].etablissement or nil
end

function m.geo(stage)
  local e = m.etablissement(stage)
  return e and e.geo or nil
end

function m.commune(stage)
  local e = m.etablissement(stage)
  return e and e.adresse and e.adresse.commune or nil
end

-- The journey to the faculty, the station…, in words; nil when nobody gave it.
function m.trajet(stage, vers)
  local e = m.etablissement(stage)
  return trajets.vers(vers, stage.territoires[1], {stage.acces, e and e.acces}, 2)
end

-- Those to the faculty and to the station, in one line; nil without either.
function m.trajets(stage)
  local s = mots.joindre(" · ", {m.trajet(stage, "faculte") or "", m.trajet(stage, "gare") or ""}, 2)
  return s ~= "" and s or nil
end

-- The cheapest lodging in the lists, else nil.
function m.logement(item)
  local meilleur
  for i = 1, #item.hebergements do
    local h = item.hebergements[i]
    if h.publiee and h.listee and (not meilleur or h.loyer_mensuel < meilleur.loyer_mensuel) then meilleur = h end
  end
  return meilleur
end

function m.loyer(h)
  if h.loyer_mensuel == 0 then return t("loyer_nul") end
  return t("par_mois", {montant = montant(h.loyer_mensuel)})
end

-- Can this session still be chosen? Once it has begun it cannot, even where no dates of choice were given.
function m.a_saisir(session)
  return (session.etat == "choix_ouvert" or session.etat == "choix_a_venir") and not passe(session.semestre)
end

function m.etat_de(session)
  if session.etat == "choix_ouvert" and passe(session.semestre) then return t("session_commencee") end
  return session.etat_libelle
end

-- The session to speak of: open for choice, else the next to open, else the last one closed.
function m.session(stage)
  local ouverte, prochaine, derniere
  for i = 1, #stage.sessions do
    local s = stage.sessions[i]
    if s.etat == "choix_ouvert" and m.a_saisir(s) then
      if not ouverte or s.semestre < ouverte.semestre then ouverte = s end
    elseif s.etat == "choix_a_venir" then
      if not prochaine or s.semestre < prochaine.semestre then prochaine = s end
    elseif s.etat ~= "annulee" and (not derniere or derniere.semestre < s.semestre) then
      derniere = s
    end
  end
  return ouverte or prochaine or derniere
end

-- The month of the next usual choice (April or October), counted from the last known session.
-- For interns only: their choices come back every six months.
function m.prochain_choix(stage, session)
  local interne = false
  for i = 1, #stage.niveaux do
    local public = modeles.attribut("terrain-de-stage", "niveaux", stage.niveaux[i], "public")
    if public == "interne" or public == "docteur_junior" then interne = true end
  end
  if not interne then return nil end
  local debut = session.semestre
  for _ = 1, 12 do
    debut = debut + (debut.mois >= 10 and 181 or 184)
    if futur(debut - 20) then return debut - 20 end
  end
  return nil
end

-- The last day of a date's month.
local function fin_du_mois(d)
  while (d + 1).mois == d.mois do d = d + 1 end
  return d
end

-- How and when one chooses: {texte, fin (date or nil), detail}; habituel: the month is that of other years, nobody has given the days.
function m.choix(stage)
  local s = m.session(stage)
  if not s then
    return {texte = stage.comment_choisir or t("choix_demander")}
  end
  local quand = mots.entre(s.choix_du, s.choix_au)
  if m.a_saisir(s) then
    return {texte = quand or t("choix_a_confirmer"), etat = s.etat_libelle, fin = s.choix_au, detail = s.ou_choisir, session = s}
  end
  local prochain = m.prochain_choix(stage, s)
  if prochain then
    return {texte = t("prochain_choix", {mois = date(prochain, "mois")}), detail = t("choix_habituel"), fin = fin_du_mois(prochain), habituel = true, session = not passe(s.semestre) and s or nil}
  end
  if passe(s.semestre) then return {texte = t("choix_demander")} end
  return {texte = s.etat_libelle, detail = quand, session = s}
end

-- The sessions whose days of choice one can still note down; the calendar that has them, nil without any.
function m.a_noter(stage)
  local r = {}
  for i = 1, #stage.sessions do
    local s = stage.sessions[i]
    if s.choix_au and m.a_saisir(s) then r[#r + 1] = s end
  end
  return r
end

function m.ics(stage)
  return #m.a_noter(stage) > 0 and "/stages/" .. stage.slug .. ".ics" or nil
end

-- "300 € par mois", with its condition; nil without any.
function m.indemnite(stage)
  local liste = stage.indemnites
  if #liste == 0 then return nil end
  local i = liste[1]
  local texte = i.libelle
  if i.montant then
    texte = montant(i.montant)
    if i.unite then texte = texte .. " " .. libelle(i, "unite") end
  end
  return {texte = texte, libelle = i.libelle, chiffree = i.montant ~= nil, condition = i.condition, autres = #liste - 1, verifie_le = i.verifie_le}
end

-- Levels as labels: the first `n`, and how many are left.
function m.niveaux(stage, n)
  local r = {}
  for i = 1, math.min(n, #stage.niveaux) do
    r[i] = libelle_de("terrain-de-stage", "niveaux", stage.niveaux[i])
  end
  return r, #stage.niveaux - #r
end

-- Stages that one can choose now or next, soonest first.
function m.a_choisir(stages, n)
  local r = {}
  for i = 1, #stages do
    local s = m.session(stages[i])
    if s and m.a_saisir(s) then
      r[#r + 1] = {stage = stages[i], session = s}
    end
  end
  table.sort(r, function(a, b)
    local x, y = a.session.choix_au or a.session.semestre, b.session.choix_au or b.session.semestre
    if x < y then return true elseif y < x then return false end
    return a.stage.slug < b.stage.slug
  end)
  while #r > n do table.remove(r) end
  return r
end

return m
