// /download/COUNT sends as many numbered lines, one every 10 ms; /early answers before it reads the body;
// /keep-alive insists on `Connection: keep-alive`; anything else tells how many bytes it was sent.
const routes = {
  async download(response, count) {
    for (let line = 0; line < count; line += 1) {
      response.write(`${line}\n`)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    response.end()
  },
  early: (response) => response.writeHead(413).end('too large'),
  'keep-alive': (response) => response.writeHead(200, { Connection: 'keep-alive', 'Content-Length': 2 }).end('ok'),
}

export default async function serve(request, response) {
  const [, name, number] = request.url.split('/')
  const route = routes[name]
  if (route !== undefined) return route(response, Number(number))
  let bytes = 0
  for await (const chunk of request) bytes += chunk.length
  response.end(`${bytes} bytes`)
}
