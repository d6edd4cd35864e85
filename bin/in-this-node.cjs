// A file of its own, since old versions of Node cannot read `import()`.
"use strict";

const { pathToFileURL } = require("url");

module.exports = (file) => import(pathToFileURL(file).href);
