const seen = require('noisy')
require('node:http').createServer((_, reply) => reply.end(seen.join(' '))).listen(process.env.PORT)
