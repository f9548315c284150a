// Exports its application beside other things, as CommonJS modules do.
const http = require('node:http')

exports.settings = { port: 3000 }
exports.app = (_request, response) =>
  response.end(`commonjs, main: ${require.main === module}, http: ${typeof http.get}`)
