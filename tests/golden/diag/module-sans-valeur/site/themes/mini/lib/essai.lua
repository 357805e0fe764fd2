local m = {}
