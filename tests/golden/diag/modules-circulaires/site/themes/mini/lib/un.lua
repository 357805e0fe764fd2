local deux = require("deux")
return {}
