local m = {}
m.texte = ("été "):rep(100 * 1024 * 1024)
return m
