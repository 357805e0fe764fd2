-- The calendar of an action.
local m = {}

-- "2025", "de 2025 à 2027", or the editor's words.
function m.periode(etape)
  if etape.periode then return etape.periode end
  local a, b = tostring(etape.du.annee), tostring(etape.au.annee)
  return a == b and a or t("de_a", {de = a, a = b})
end

-- "de 2025 à 2029", "depuis 2025"; nil without dates.
function m.duree(action)
  local d, f = action.debut, action.fin
  if d and f then return t("de_a", {de = tostring(d.annee), a = tostring(f.annee)}) end
  if d then return t("depuis", {quand = tostring(d.annee)}) end
  return nil
end

-- Is this step what is being done now?
function m.vive(etape)
  return etape.etat == "en_cours"
end

-- The step to come or under way that says where the action stands, or nil.
function m.prochaine(action)
  local l = action.etapes
  for i = 1, #l do
    if l[i].etat == "en_cours" then return l[i] end
  end
  for i = 1, #l do
    if l[i].etat == "a_venir" then return l[i] end
  end
  return nil
end

return m
