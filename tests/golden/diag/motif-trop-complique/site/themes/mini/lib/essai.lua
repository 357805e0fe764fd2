local m = {}
m.trouve = ("a"):rep(40):find((".*"):rep(30) .. "b")
return m
