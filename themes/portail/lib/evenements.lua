-- When and where an event is.
local mots = require("mots")

local m = {}

-- "jeudi 5 novembre 2026, de 9 h à 17 h", or both days when it lasts longer.
function m.quand(e)
  local meme_jour = date(e.debut, "iso"):sub(1, 10) == date(e.fin, "iso"):sub(1, 10)
  if meme_jour then
    return t("jour_de_a", {jour = date(e.debut, "complet"), de = date(e.debut, "heure"), a = date(e.fin, "heure")})
  end
  return t("du_au", {du = date(e.debut, "complet"), au = date(e.fin, "complet")})
end

-- The name and the town of the first place; nil for an event without one.
function m.lieu(e)
  if #e.lieux == 0 then return e.visio and t("en_visio") or nil end
  local l = e.lieux[1]
  local nom = l.nom or l.chez.titre
  local adresse = l.adresse or (l.chez and l.chez.adresse)
  local commune = adresse and adresse.commune
  if commune and not nom:find(commune, 1, true) then nom = nom .. ", " .. commune end
  return nom
end

function m.adresse(e)
  if #e.lieux == 0 then return e.visio end
  local l = e.lieux[1]
  return mots.joindre(", ", {l.nom or l.chez.titre, mots.adresse(l.adresse or (l.chez and l.chez.adresse)) or ""}, 2)
end

-- The address of the event's calendar file, below the root of the site (and of its language).
function m.ics(e)
  local racine = url("/")
  return "/" .. e.url:sub(#racine + 1):gsub("/$", "") .. ".ics"
end

-- The last day to register, or nil.
function m.limite(e)
  local i = e.inscription
  if not i or not i.jours_avant then return nil end
  return e.debut - i.jours_avant
end

return m
