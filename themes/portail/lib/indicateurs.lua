-- An indicator: its values in order, its last one, what it is measured against.
local m = {}

-- "12 personnes", "8,3 pour 10 000 habitants", "64 %", "1 200 €", "4".
function m.ecrire(indicateur, valeur)
  local u = indicateur.unite
  if u == "pourcent" then return pourcent(valeur) end
  if u == "euros" then return montant(valeur) end
  if u == "nombre" then return nombre(valeur) end
  return nombre(valeur) .. " " .. libelle(indicateur, "unite")
end

-- The values by year.
function m.serie(indicateur)
  local r, valeurs = {}, indicateur.valeurs
  for i = 1, #valeurs do r[i] = valeurs[i] end
  table.sort(r, function(a, b) return a.annee < b.annee end)
  return r
end

-- The last value, and the one before it (or nil).
function m.derniere(indicateur)
  local s = m.serie(indicateur)
  return s[#s], s[#s - 1]
end

-- Is the last value beyond the threshold of alert?
function m.en_alerte(indicateur)
  local s = indicateur.seuil_alerte
  if not s then return false end
  local v = m.derniere(indicateur).valeur
  if s.sens == "au_dessous" then return v < s.valeur end
  return v > s.valeur
end

-- "+ 3 depuis 2025", "stable depuis 2025"; nil with a single value.
function m.evolution(indicateur)
  local v, avant = m.derniere(indicateur)
  if not avant then return nil end
  local d = v.valeur - avant.valeur
  if math.abs(d) < 1e-9 then return t("stable_depuis", {annee = tostring(avant.annee)}) end
  return t("ecart_depuis", {ecart = (d > 0 and "+ " or "− ") .. nombre(math.abs(d)), annee = tostring(avant.annee)})
end

-- Its table as a file, below the root of the site (and of its language).
function m.csv(indicateur)
  local racine = url("/")
  return "/" .. indicateur.url:sub(#racine + 1):gsub("/$", "") .. ".csv"
end

return m
