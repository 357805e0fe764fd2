local m = {}
function m.titre(x)
  return une_fois(x, function(cle) return cle .. x end)
end
return m
