local m = {}
compteur = 1
return m
