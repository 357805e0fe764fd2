-- Key figures, counted from what is published; a count of nothing is not a figure.

local m = {}

local function ajouter(r, n, mot, detail)
  if n > 0 then
    r[#r + 1] = {valeur = nombre(n), libelle = pluriel(n, t("compte_" .. mot), t("comptes_" .. mot)), detail = detail}
  end
end

-- The lowest and the highest rent; nil without a lodging.
function m.loyers(hebergements)
  local bas, haut
  for i = 1, #hebergements do
    local l = hebergements[i].loyer_mensuel
    if not bas or l < bas then bas = l end
    if not haut or l > haut then haut = l end
  end
  return bas, haut
end

-- "gratuits", "certains gratuits" or "à partir de 90 €"; nil without a lodging.
local function loyer_le_plus_bas(hebergements)
  local bas, haut = m.loyers(hebergements)
  if not bas then return nil end
  if haut == 0 then return #hebergements > 1 and t("tous_gratuits") or minuscules(t("gratuit")) end
  return bas == 0 and t("certains_gratuits") or t("a_partir_de", {montant = montant(bas)})
end

-- Of the site or of a territory: both have the same collections.
function m.de(source)
  local r = {}
  ajouter(r, #source.stages, "stage")
  ajouter(r, #source.offres, "offre")
  ajouter(r, #source.hebergements, "logement", loyer_le_plus_bas(source.hebergements))
  ajouter(r, #source.etablissements, "etablissement")
  return r
end

-- What a territory has, kind by kind: list of {libelle, nombre} of its places of care and its courses.
function m.inventaire(territoire)
  local r = {}
  for _, collection in ipairs({"etablissements", "formations"}) do
    local groupes = territoire[collection]:group("categorie")
    for i = 1, #groupes do
      local l = groupes[i].libelle
      r[#r + 1] = {libelle = collection == "formations" and t("formation_a", {metier = minuscules(l)}) or l, nombre = #groupes[i].items}
    end
  end
  return r
end

return m
