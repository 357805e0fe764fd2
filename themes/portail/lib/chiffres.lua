-- Key figures, counted from what is published; a count of nothing is not a figure.

local m = {}

local function ajouter(r, n, mot, detail)
  if n > 0 then
    r[#r + 1] = {valeur = nombre(n), libelle = pluriel(n, t("compte_" .. mot), t("comptes_" .. mot)), detail = detail}
  end
end

-- "gratuits", "certains gratuits" or "à partir de 90 €"; nil without a lodging.
local function loyer_le_plus_bas(hebergements)
  local bas, haut
  for i = 1, #hebergements do
    local l = hebergements[i].loyer_mensuel
    if not bas or l < bas then bas = l end
    if not haut or l > haut then haut = l end
  end
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

return m
