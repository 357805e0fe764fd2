-- schema.org: of an item, what its type declares under `jsonld:` (docs/types.md); of the site, this.
local m = {}

-- The structured data of an item, nil when its type or its state asks for none.
function m.item(item)
  return donnees_structurees(item)
end

-- The site itself, for the home page of several territories.
function m.site()
  local r = {["@context"] = "https://schema.org", ["@type"] = "WebSite", name = site.titre, url = url_absolue("/")}
  if site.sous_titre then r.description = site.sous_titre end
  if site.editeur then r.publisher = {["@type"] = "GovernmentOrganization", name = site.editeur.nom} end
  return r
end

return m
