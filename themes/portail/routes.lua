-- The pages of the portal that are no item's own. Run once for each language, when every item is known.
local facettes = require("facettes")
local flux = require("flux")
local pages = require("pages")
local publics = require("publics")
local rubriques = require("rubriques")
local territoires = require("territoires")

local principale = langue == site.langues[1]

-- What the theme changed of the charter's colours, and what it refuses.
if principale then
  for _, r in ipairs(require("palettes").remarques()) do signaler(site, r.champ, r.texte, r.gravite) end
  require("verifications").tout(signaler)
  require("fond").tout(signaler)
  require("obligations").tout(signaler)
end

-- Wave 1: resources made from the data.
if principale then
  route{url = "/assets/palettes.css", layout = "palettes.css", vague = 1, langues = {langue}}
  route{url = "/assets/pastille.svg", layout = "pastille.svg", vague = 1, langues = {langue}}
end

-- The poster of each territory: a sheet to print, a picture to share, one that previews of links show; the portal's own shows several.
if principale then
  for i = 1, #site.territoires do
    local x = site.territoires[i]
    route{url = territoires.affiche(x), layout = "affiche.svg", index = false, langues = {langue}, params = {titre = x.titre, territoire = x, format = "papier"}}
    route{url = territoires.partage(x), layout = "affiche.svg", index = false, langues = {langue}, params = {titre = x.titre, territoire = x, format = "partage"}}
  end
end

if principale then
  for _, x in ipairs(territoires.apercus()) do
    route{url = x.adresse, layout = "apercu.svg", index = false, langues = {langue}, params = {titre = x.territoire.titre, territoires = {x.territoire}}}
  end
end
if principale and #site.territoires > 1 then
  route{url = "/apercu.png", layout = "apercu.svg", index = false, langues = {langue}, params = {titre = site.titre, territoires = site.territoires:take(5)}}
end

if not pages.un_seul_territoire() then
  route{url = "/", layout = "accueil.html", params = {titre = site.titre, resume = site.sous_titre or site.titre}}
end

-- Lists, and a page for each value of a facet that has something.
local mots = {
  circuits = "circuit", temoignages = "temoignage", professionnels = "professionnel", permanences = "permanence",
  locaux = "local", mobilites = "mobilite", services = "service", emplois_conjoint = "emploi",
  stages = "stage", offres = "offre", etablissements = "etablissement", hebergements = "logement",
  sites_touristiques = "site", evenements = "evenement", besoins = "besoin", aides = "aide", demarches = "demarche",
  metiers = "metier", formations = "formation", actualites = "actualite", mouvements = "mouvement", lettres = "lettre",
  actions = "action", indicateurs = "indicateur", partenaires = "partenaire", documents = "document", territoires = "territoire",
}

-- `filtre`: what the facet narrows to, as the script writes it in an address.
local function params_de_liste(collection, adresse, titre, total, filtre)
  return {
    titre = titre, resume = t("resume_" .. collection), collection = collection, mot = mots[collection],
    base = "/" .. rubriques.dossier(collection) .. "/", facette = adresse, total = total,
    total_general = #site[collection],
    precise = adresse ~= "/" .. rubriques.dossier(collection) .. "/", filtre = filtre,
    ics = collection == "evenements" and "/agenda.ics" or nil,
  }
end

local function lister(collection)
  local groupes = facettes.groupes(collection)
  local base = "/" .. rubriques.dossier(collection) .. "/"
  local titre = t("rubrique_" .. collection)
  local items = site[collection]
  paginer(items, 50, base, {layout = "liste.html", params = params_de_liste(collection, base, titre, #items)})
  for _, g in ipairs(groupes) do
    local adresse = facettes.page_du_groupe(collection, g)
    if adresse then
      route{url = adresse, layout = "facette.html", params = {
        titre = titre .. t("deux_points") .. minuscules(g.titre), resume = t("resume_" .. collection), precise = true, liens = facettes.liens(g)}}
    end
    for _, l in ipairs(g.liens) do
      local p = params_de_liste(collection, l.url, titre .. t("deux_points") .. l.texte, l.nombre, g.segment .. "=" .. l.cle)
      paginer(l.items, 50, l.url, {layout = "liste.html", params = p})
    end
  end
end

for _, collection in ipairs(facettes.collections) do
  if rubriques.existe(collection) then lister(collection) end
end

if rubriques.existe("territoires") then
  local p = params_de_liste("territoires", "/territoires/", t("rubrique_territoires"), #site.territoires)
  paginer(site.territoires, 50, "/territoires/", {layout = "liste.html", params = p})
end

-- Living there, and the page of those who are in training there already: where there is something to say.
local vie = require("vie")
local un_seul = pages.un_seul_territoire()
if vie.a_dire(site) then
  route{url = "/vivre-ici/", layout = "vivre-ici.html", params = {titre = t("vivre_ici"), resume = t("resume_vivre_ici")}}
end
local accueillants = site.territoires:filter(vie.a_dire)
if #accueillants > 0 and not site:item("page", "en-stage-ici") then
  route{url = "/en-stage-ici/", layout = "en-stage-ici.html", params = {
    titre = t("en_stage_ici"), resume = t("resume_en_stage_ici"), territoire = un_seul and accueillants[1] or nil}}
end
if not un_seul then
  for i = 1, #accueillants do
    local x = accueillants[i]
    route{url = "/en-stage-ici/" .. x.slug .. "/", layout = "en-stage-ici.html", params = {
      titre = t("en_stage_ici") .. t("deux_points") .. (x.nom_court or x.titre), resume = t("resume_en_stage_ici"), precise = true, territoire = x}}
  end
end

-- For each territory, a note for those who decide, and what can be printed and posted.
local diffusion = require("diffusion")
local diffuseurs = site.territoires:filter(diffusion.a_dire)
for i = 1, #site.territoires do
  local x = site.territoires[i]
  local function de(cle)
    if un_seul then return t(cle), t("resume_" .. cle) end
    local court = require("mots").court(x)
    return t(cle) .. t("deux_points") .. court, court .. t("deux_points") .. require("mots").dans_la_phrase(t("resume_" .. cle))
  end
  local titre, resume = de("note_titre")
  if #x.actions > 0 or #x.besoins > 0 then
    route{url = territoires.note(x), layout = "note.html", params = {titre = titre, resume = resume, territoire = x}}
  end
  if diffusion.a_dire(x) then
    titre, resume = de("a_diffuser")
    route{url = territoires.a_diffuser(x), layout = "a-diffuser.html", params = {titre = titre, resume = resume, territoire = x}}
  end
end
if not un_seul and #diffuseurs > 0 then
  route{url = "/a-diffuser/", layout = "a-diffuser.html", params = {titre = t("a_diffuser"), resume = t("resume_a_diffuser")}}
end

-- A map for each territory with places to show; several territories share an index. What the interactive map reads lies beside its page.
local cartes, fond, atlas = require("carte").territoires(), require("fond"), require("atlas")
local possible = #cartes > 0 and atlas.possible()
local function carte(adresse, layout, territoires, params)
  local vive = possible and require("carte").visible(territoires)
  route{url = adresse, layout = layout, params = params, csp = vive and fond.csp() or nil}
  if vive then
    route{url = atlas.fichier(adresse), layout = "lieux.geojson", index = false, params = {titre = params.titre, territoires = territoires}}
  end
end
for i = 1, #cartes do
  local x = cartes[i].territoire
  carte(cartes[i].url, "carte.html", {x}, {
    titre = t("carte_de", {territoire = require("mots").court(x)}), resume = t("resume_carte"), precise = true, territoire = x})
end
if #cartes > 0 and #site.territoires > 1 then
  local territoires = {}
  for i = 1, #cartes do territoires[i] = cartes[i].territoire end
  carte("/carte/", "cartes-index.html", territoires, {titre = t("cartes"), resume = t("resume_cartes"), cartes = cartes, territoires = territoires})
end
if principale and #cartes > 0 and not possible then signaler(site, "theme", t("atlas_absent"), "note") end

route{url = "/recherche/", layout = "recherche.html", params = {titre = t("rechercher"), resume = t("resume_recherche")}}
route{url = "/contact/", layout = "contact.html", params = {titre = t("contact"), resume = t(#site.territoires == 1 and "resume_contact_seul" or "resume_contact")}}

-- Pages of duty, unless an editor wrote one under the same name.
local autres = {{url = "/donnees/", titre = t("donnees_ouvertes")}}
if #diffuseurs > 0 then autres[2] = {url = "/a-diffuser/", titre = t("a_diffuser")} end
local function obligation(slug, cle)
  if not site:item("page", slug) then
    route{url = "/" .. slug .. "/", layout = slug .. ".html", params = {titre = t(cle), resume = t("resume_" .. cle)}}
    autres[#autres + 1] = {url = "/" .. slug .. "/", titre = t(cle)}
  end
end
if #cartes > 0 then autres[#autres + 1] = {url = "/carte/", titre = #cartes > 1 and t("cartes") or t("carte")} end
obligation("accessibilite", "accessibilite")
local declaration = require("accessibilite").fiche()
if require("accessibilite").schema(declaration) then
  autres[#autres + 1] = {url = "/accessibilite/schema-pluriannuel/", titre = t("acc_schema")}
  route{url = "/accessibilite/schema-pluriannuel/", layout = "schema-pluriannuel.html", params = {titre = t("acc_schema"), resume = t("resume_schema_pluriannuel")}}
end
if declaration and #declaration.plans_annuels > 0 then
  autres[#autres + 1] = {url = "/accessibilite/plans-annuels/", titre = t("plans_annuels")}
  route{url = "/accessibilite/plans-annuels/", layout = "plans-annuels.html", params = {titre = t("plans_annuels"), resume = t("resume_plans_annuels")}}
end
obligation("mentions-legales", "mentions_legales")
obligation("donnees-personnelles", "donnees_personnelles")

-- What a visitor keeps on the device, and what is shown there when the network is gone.
if rubriques.existe("stages") or rubriques.existe("offres") then
  route{url = "/ma-selection/", layout = "ma-selection.html", index = false, params = {titre = t("ma_selection"), resume = t("resume_ma_selection")}}
  autres[#autres + 1] = {url = "/ma-selection/", titre = t("ma_selection")}
end
if require("hors_ligne").actif() then
  route{url = "/hors-ligne/", layout = "hors-ligne.html", index = false, params = {titre = t("hors_ligne"), resume = t("resume_hors_ligne")}}
end

route{url = "/plan-du-site/", layout = "plan-du-site.html", params = {titre = t("plan_du_site"), resume = t("resume_plan_du_site"), autres = autres}}
route{url = "/404.html", layout = "404.html", index = false, params = {titre = t("page_absente"), resume = t("resume_page_absente")}}

-- Open data: of each collection a table, the same as JSON, points where it has some. Personal fields are read under the scope "export".
local export = require("export")
local fichiers, abonnements = {}, {}
local function exporter(collection, genre)
  local items = site[collection]
  if #items == 0 then return end
  local nom, titre = rubriques.dossier(collection), modele(genre).pluriel
  local situes = export.situable(genre, items)
  local function fichier(suite)
    route{url = "/donnees/" .. nom .. suite, layout = "donnees/collection" .. suite, portee = "export",
      params = {titre = titre, resume = titre, genre = genre, items = items}}
  end
  fichier(".csv")
  fichier(".json")
  if situes then fichier(".geojson") end
  fichiers[#fichiers + 1] = {nom = nom, type = genre, titre = titre, nombre = #items, geojson = situes}
  route{url = "/donnees/" .. nom .. "/", layout = "donnees-colonnes.html", params = {
    titre = t("donnees_de", {titre = titre}), resume = t("resume_donnees_de", {titre = titre}), genre = genre, nom = nom, geojson = situes}}
end
for _, c in ipairs(export.collections()) do exporter(c.nom, c.type) end
if #fichiers > 0 then
  route{url = "/donnees/datapackage.json", layout = "donnees/datapackage.json", params = {titre = t("donnees_ouvertes"), resume = t("donnees_ouvertes"), fichiers = fichiers}}
end

-- Lists to stand in the pages of faculties and associations: all of it, by territory, by audience.
local encarts = {}
local function encart(collection, adresse, titre, items)
  if #items == 0 then return end
  route{url = "/embed" .. adresse, layout = "encart.html", portee = "embed", index = false,
    params = {titre = titre, resume = t("resume_" .. collection), collection = collection, suite = adresse, items = items:take(100), total = #items}}
  encarts[#encarts + 1] = {url = "/embed" .. adresse, titre = titre}
end
for _, collection in ipairs({"stages", "offres"}) do
  if rubriques.existe(collection) then
    local titre = t("rubrique_" .. collection)
    encart(collection, "/" .. collection .. "/", titre, site[collection])
    for _, g in ipairs(facettes.groupes(collection)) do
      if g.segment == "territoire" or g.segment == "public" then
        for _, l in ipairs(g.liens) do encart(collection, l.url, titre .. t("deux_points") .. l.texte, l.items) end
      end
    end
  end
end

-- Calendars: the whole agenda, one for each territory, one for each event.
local function calendrier(adresse, titre, items)
  route{url = adresse, layout = "agenda.ics", portee = "export", params = {titre = titre, resume = titre, items = items}}
end
if rubriques.existe("evenements") then
  calendrier("/agenda.ics", site.titre, site.evenements)
  abonnements[#abonnements + 1] = {url = "/agenda.ics", titre = t("agenda") .. " (iCalendar)"}
end
for i = 1, #site.territoires do
  local x = site.territoires[i]
  if #x.evenements > 0 then
    calendrier(territoires.ics(x), x.titre, x.evenements)
    if not un_seul then abonnements[#abonnements + 1] = {url = territoires.ics(x), titre = t("agenda") .. t("deux_points") .. x.titre .. " (iCalendar)"} end
  end
end
local evenements = site:tous("evenement")
for i = 1, #evenements do
  local e = evenements[i]
  calendrier(require("evenements").ics(e), e.titre, {e})
end

-- The days on which a stage is chosen.
for i = 1, #site.stages do
  local x = site.stages[i]
  local ics = require("stages").ics(x)
  if ics then route{url = ics, layout = "choix.ics", params = {titre = x.titre, resume = x.titre, stage = x}} end
end

-- The table of each indicator, as a file.
for i = 1, #site.indicateurs do
  local x = site.indicateurs[i]
  route{url = require("indicateurs").csv(x), layout = "indicateur.csv", portee = "export", params = {titre = x.titre, indicateur = x}}
end

-- Each letter as an e-mail and as plain text; they leave the site, so names are read under the scope "flux".
local lettres = require("lettres")
local envoyees = site:tous("lettre")
for i = 1, #envoyees do
  local x = envoyees[i]
  if x.publiee then
    route{url = lettres.fichier(x, "courriel.html"), layout = "courriel.html", portee = "flux", index = false,
      csp = {["style-src"] = "'unsafe-inline'"}, params = {titre = x.titre, lettre = x}}
    route{url = lettres.fichier(x, "courriel.txt"), layout = "courriel.txt", portee = "flux", index = false, params = {titre = x.titre, lettre = x}}
  end
end

-- Feeds: everything new, and what is new for each audience.
local tout = site.offres:union(site.stages):union(site.evenements):union(site.actualites):union(site.lettres)
route{url = "/flux.xml", layout = "flux.xml", portee = "flux", params = {titre = site.titre, resume = site.titre, items = flux.recents(tout, 50)}}
abonnements[#abonnements + 1] = {url = "/flux.xml", titre = t("fil_atom")}
for _, p in ipairs(publics.portes()) do
  local siens = publics.offres(p.cle, site.offres)
  local s = publics.stages(p.cle, site.stages)
  if s then siens = siens:union(s) end
  siens = siens:union(site.actualites:where{publics = p.cle})
  local recents = flux.recents(siens, 50)
  if #recents > 0 then
    local titre = site.titre .. t("deux_points") .. p.titre
    route{url = "/flux/" .. publics.segment(p.cle) .. ".xml", layout = "flux.xml", portee = "flux", params = {titre = titre, resume = titre, items = recents}}
    abonnements[#abonnements + 1] = {url = "/flux/" .. publics.segment(p.cle) .. ".xml", titre = titre .. " (Atom)"}
  end
end

route{url = "/donnees/", layout = "donnees.html", params = {titre = t("donnees_ouvertes"), resume = t("resume_donnees_ouvertes"),
  fichiers = fichiers, abonnements = abonnements, encarts = encarts}}

if principale then
  route{url = "/sitemap.xml", layout = "sitemap.xml", vague = 3, langues = {langue}}
  route{url = "/sw.js", layout = "ouvrier.json", vague = 3, langues = {langue}, en_tetes = {["Cache-Control"] = "no-cache"}}
  route{url = "/robots.txt", layout = "robots.txt", vague = 3, langues = {langue}}
  route{url = "/.well-known/security.txt", layout = "security.txt", langues = {langue}, en_tetes = {["Content-Type"] = "text/plain; charset=utf-8"}}
end
