// Reads what it is sent and says nothing of it: whatever else is in an answer comes from the server.
export default function swallow(request, response) {
  request.on('error', () => {}).on('end', () => response.writeHead(200, { 'Content-Length': 0 }).end())
  request.resume()
}
