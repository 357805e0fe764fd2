local m = {}
local s = "été"
while true do s = s .. s end
return m
