module.exports = require('node:fs').readdirSync(__dirname).concat(require('node:fs').readdirSync('.'))
