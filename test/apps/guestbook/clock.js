/** An event stream: the time at once, and again each second, until the visitor leaves. */
export function showClock(_request, response) {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream',
    'Cache-Control': 'no-store',
  })
  const tell = () => response.write(`event: tick\ndata: ${JSON.stringify({ now: new Date().toISOString() })}\n\n`)
  response.write('retry: 2000\n')
  tell()
  const timer = setInterval(tell, 1000)
  response.on('close', () => clearInterval(timer))
}
