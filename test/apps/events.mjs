// An event stream, as its framework-less author would write it: an event at once, and another one for each POST. /set
// sets its type beforehand; /html is the same without being an event stream.
const open = new Set()

export default function listener(request, response) {
  if (request.method === 'POST') {
    for (const stream of open) stream.write('data: next\n\n')
    return void response.end()
  }
  const type = request.url === '/html' ? 'text/html' : 'text/event-stream'
  if (request.url === '/set') response.setHeader('Content-Type', type)
  else response.writeHead(200, { 'Content-Type': type })
  open.add(response)
  response.on('close', () => open.delete(response))
  response.write('data: first\n\n')
}
