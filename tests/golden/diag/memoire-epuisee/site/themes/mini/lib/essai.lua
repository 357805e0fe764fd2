local m, t = {}, {}
for i = 1, 1e9 do t[i] = "élément " .. i end
return m
