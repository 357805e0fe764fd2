local m = { vus = {} }
function m.compter(o)
  m.vus[#m.vus + 1] = o.titre
  return #m.vus
end
return m
