local m = {}
function m.titre()
  return page.titre
end
return m
