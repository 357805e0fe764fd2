local m = {}
while true do end
return m
