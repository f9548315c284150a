// /MS says that it begins, then keeps the event loop busy for so many milliseconds; a POST is told how many bytes it had.
export default async function serve(request, response) {
  let bytes = 0
  for await (const chunk of request) bytes += chunk.length
  if (request.method === 'POST') return response.end(`${bytes} bytes`)
  response.write('begin\n')
  setImmediate(() => {
    for (const end = performance.now() + Number(request.url.slice(1)); performance.now() < end; );
    response.end('end\n')
  })
}
