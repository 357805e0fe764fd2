-- Key figures, counted from what is published; a count of nothing is not a figure.

local m = {}

local function ajouter(r, n, mot, detail)
  if n > 0 then
    r[#r + 1] = {valeur = nombre(n), libelle = pluriel(n, t("compte_" .. mot), t("comptes_" .. mot)), detail = detail}
  end
end

local function loyer_le_plus_bas(hebergements)
  local bas
  for i = 1, #hebergements do
    local l = hebergements[i].loyer_mensuel
    if not bas or l < bas then bas = l end
  end
  if not bas then return nil end
  return t("a_partir_de", {montant = bas == 0 and t("zero_euro") or montant(bas)})
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
