local un = require("un")
return {}
