local m = {}
return m
