local m = {}
m.texte = string.format("%p", m)
return m
