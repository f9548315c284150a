// Answers with the method, path, headers and body it was sent, as JSON.
export default function echo(request, response) {
  const chunks = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { remoteAddress, remotePort, encrypted } = request.socket
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        pid: process.pid,
        method: request.method,
        url: request.url,
        rawHeaders: request.rawHeaders,
        body: Buffer.concat(chunks).toString('latin1'),
        client: { remoteAddress, remotePort, encrypted },
      }),
    )
  })
}
