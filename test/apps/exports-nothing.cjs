// Listens only when it is the main program.
const http = require('node:http')

if (require.main === module) http.createServer((_request, response) => response.end()).listen(3000)
