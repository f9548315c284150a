import { page } from './pages.mjs'

// Nothing but Node.js: whatever stands before it is seen best here.
export default function plain(request, response) {
  if (request.method === 'POST') return count(request, response)
  if (request.url === '/page') {
    response.setHeader('Content-Type', 'application/json')
    return response.end(JSON.stringify(page()))
  }
  response.end('Hello, world!\n')
}

function count(request, response) {
  let bytes = 0
  request.on('data', (chunk) => {
    bytes += chunk.length
  })
  request.on('end', () => response.end(`${bytes}\n`))
}
