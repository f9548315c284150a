// Waits for something before it listens, exports nothing, and closes its server on TERM, as tutorials teach.
const http = require('node:http')
const { appendFileSync } = require('node:fs')

async function main() {
  await new Promise((resolve) => setTimeout(resolve, 50))
  const server = http.createServer((_request, response) => response.end('later'))
  server.listen(process.env.PORT)
  process.on('SIGTERM', () => {
    server.close(() => {
      appendFileSync(process.env.DIARY, 'closed its pools\n')
      process.exit(0)
    })
  })
  process.on('SIGINT', () => process.exit(130))
}

main()
