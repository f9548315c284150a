// Keeps book of the requests that reach it, by the number at the begin of their path: /1234/… begins and ends; GET
// /ledger/1234 tells the target of each that began, and how many bytes came with each that was complete.
const books = new Map()

export default function keep(request, response) {
  const asked = /^\/ledger\/(\d+)/.exec(request.url)?.[1]
  if (asked !== undefined) return tell(response, books.get(asked) ?? { begun: [], complete: [] })
  const number = /^(?:https?:\/\/[^/]*)?\/(\d+)/i.exec(request.url)?.[1] ?? 'other'
  if (!books.has(number)) books.set(number, { begun: [], complete: [] })
  const book = books.get(number)
  book.begun.push(`${request.method} ${request.url.slice(0, 100)}`)
  let bytes = 0
  request.on('data', (chunk) => {
    bytes += chunk.length
  })
  request.on('error', () => {})
  request.on('end', () => {
    book.complete.push(bytes)
    response.writeHead(200, { 'Content-Length': 0 }).end()
  })
}

function tell(response, book) {
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(book))
}
