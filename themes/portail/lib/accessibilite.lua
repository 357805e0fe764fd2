-- What the law has a public site say of its accessibility, computed from content/accessibilite.yaml: never more than was audited.
local m = {}

-- For how many months an audit holds; how many are left once a new version of the RGAA is out.
local validite, delai = 36, 18

function m.fiche()
  return site:item("accessibilite", "accessibilite")
end

-- Why an audit no longer holds: "age", "refonte", "referentiel"; nil while it does.
function m.caducite(fiche)
  local le = fiche.audit.le
  if passe(le:plus_mois(validite)) then return "age" end
  if fiche.refonte_le and fiche.refonte_le > le and not futur(fiche.refonte_le) then return "refonte" end
  local nouveau = fiche.nouveau_referentiel_le
  if nouveau and nouveau > le and passe(nouveau:plus_mois(delai)) then return "referentiel" end
  return nil
end

-- The audit that holds on the day of the build, or nil.
function m.audit()
  local f = m.fiche()
  return f and f.audit and not m.caducite(f) and f.audit or nil
end

-- "totale": every criterion is met; "partielle": half of them or more; "non": fewer, or nobody knows.
function m.etat()
  local a = m.audit()
  if not a or a.taux < 50 then return "non" end
  return a.taux >= 100 and "totale" or "partielle"
end

-- The mention that stands in the foot of every page.
function m.mention()
  return t("mention_" .. m.etat())
end

-- Whom to write to: {courriel, telephone, formulaire, adresse} or nil.
function m.contact()
  local f, e = m.fiche(), site.editeur
  if f and f.contact then return f.contact end
  if e and e.referent_accessibilite then return {courriel = e.referent_accessibilite} end
  return nil
end

function m.technologies(fiche)
  return #fiche.technologies > 0 and liste(fiche.technologies, t("et")) or t("acc_technologies_du_portail")
end

-- Pages of their own for the multi-year scheme and the yearly plans, where their text is on this site.
function m.schema(fiche)
  local s = fiche and fiche.schema_pluriannuel
  return s and not s.url and s or nil
end

function m.plans(fiche)
  local r = {}
  for i = 1, fiche and #fiche.plans_annuels or 0 do r[i] = fiche.plans_annuels[i] end
  table.sort(r, function(a, b) return a.annee > b.annee end)
  return r
end

-- Tables {titre, items} of a scheme, those with something in them.
function m.parties(s)
  local r = {}
  for _, p in ipairs({"moyens", "formation", "organisation", "audits"}) do
    if #s[p] > 0 then r[#r + 1] = {titre = t("schema_" .. p), items = s[p]} end
  end
  return r
end

-- The sample that an audit of this portal has to look at: the pages that every audit takes, one page of each kind, and one in
-- ten of those more, taken at even distances. {titre, adresse}.
local toujours = {
  {"/", "accueil"}, {"/contact/", "contact"}, {"/mentions-legales/", "mentions_legales"}, {"/accessibilite/", "accessibilite"},
  {"/plan-du-site/", "plan_du_site"}, {"/donnees-personnelles/", "donnees_personnelles"},
}

local function echantillon()
  local r, suites, reste = {}, {}, 0
  local function ajouter(x)
    if x.url then r[#r + 1] = {titre = x.titre, adresse = x.url} end
  end
  for _, p in ipairs(toujours) do
    if page_existe(p[1]) then r[#r + 1] = {titre = t(p[2]), adresse = url(p[1])} end
  end
  for _, s in ipairs(require("rubriques").toutes()) do
    ajouter(s)
    local items = site[s.cle]
    if #items > 0 and items[1].url then
      ajouter(items[1])
      suites[#suites + 1], reste = items, reste + #items - 1
    end
  end
  local voulus = math.min(reste, math.ceil(#r / 10))
  for i = 0, voulus - 1 do
    local k = i * (reste // voulus) + 2
    for _, items in ipairs(suites) do
      if k <= #items then
        ajouter(items[k])
        break
      end
      k = k - #items + 1
    end
  end
  return r
end

function m.echantillon()
  return une_fois("", echantillon)
end

return m
