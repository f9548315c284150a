// Says who its client is, with nothing but node:http.
export default function listener(request, response) {
  if (request.url === '/redirect') return void response.writeHead(302, { Location: '/who' }).end()
  if (request.url === '/echo') return void request.pipe(response)
  if (request.url === '/early') response.writeEarlyHints({ link: ['</a.css>; rel=preload', '</b.css>; rel=preload'] })
  if (request.url === '/trailers') {
    response.writeHead(200, { Trailer: 'X-Sum', Connection: 'close', 'Transfer-Encoding': 'chunked' })
    response.write('abc')
    response.addTrailers({ 'X-Sum': '42' })
    return void response.end(JSON.stringify(request.trailers))
  }
  if (request.url === '/never') return
  const { remoteAddress, encrypted } = request.socket
  response.setHeader('Set-Cookie', ['a=b; Secure', 'c=d'])
  const { headers, rawHeaders, httpVersion, method } = request
  const seen = { headers, rawHeaders, httpVersion, method }
  const hostname = headers.host?.split(':')[0]
  response.end(
    JSON.stringify({ ip: remoteAddress, protocol: encrypted ? 'https' : 'http', secure: encrypted, hostname, ...seen }),
  )
}
