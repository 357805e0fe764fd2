local m = {}
function m.double(x) retrun 2 * x end
return m
