local m = {}
function m.changer(o)
  o.titre = "Autre"
end
return m
