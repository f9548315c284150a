// The least an application can do, for measuring what stands before it.
export default function hello(_request, response) {
  response.writeHead(200, { 'Content-Type': 'text/plain', 'Content-Length': 3 }).end('ok\n')
}
