local m = {}
function m.double(x)
  error("le nombre doit être positif")
end
return m
