import type { ServerResponse } from 'node:http'

/** These describe one connection and are node:http's to write (RFC 9110, 7.6.1). */
const ofTheConnection = new Set(['connection', 'keep-alive', 'transfer-encoding', 'upgrade'])

/** Writes a web Response as an answer of node:http. Rejects when its body fails. */
export async function sendResponse(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.statusCode = response.status
  if (response.statusText !== '') outgoing.statusMessage = response.statusText
  for (const [name, value] of response.headers) {
    if (!ofTheConnection.has(name) && name !== 'set-cookie') outgoing.setHeader(name, value)
  }
  const cookies = response.headers.getSetCookie()
  if (cookies.length > 0) outgoing.setHeader('set-cookie', cookies)
  if (response.body === null) outgoing.end()
  else if (outgoing.req.method === 'HEAD') await response.body.cancel().then(() => outgoing.end())
  else await pour(response.body, outgoing)
}

/** Takes a chunk only when the last one has gone, and lets go of the body when the client does. */
async function pour(body: ReadableStream<Uint8Array>, outgoing: ServerResponse): Promise<void> {
  const reader = body.getReader()
  const cancel = (): void => void reader.cancel().catch(() => {})
  outgoing.once('close', cancel)
  const start = reader.read()
  // A stream may have nothing to say for long; the client is told meanwhile that there is one.
  if ((await promptly(start)) === undefined) outgoing.flushHeaders()
  const first = await start
  if (first.done) return void outgoing.end()
  // Most bodies are one chunk: with their end known at once, they go out in one piece, with their length.
  const second = reader.read()
  if ((await promptly(second))?.done === true) return void outgoing.end(first.value)
  await write(outgoing, first.value)
  for (let read = await second; !read.done; read = await reader.read()) await write(outgoing, read.value)
  outgoing.end()
}

async function write(outgoing: ServerResponse, chunk: Uint8Array): Promise<void> {
  if (!outgoing.write(chunk)) await drained(outgoing)
}

/** What a promise settles to before the event loop turns, or undefined. */
function promptly<Value>(promise: Promise<Value>): Promise<Value | undefined> {
  return Promise.race([promise, new Promise<undefined>((resolve) => setImmediate(resolve, undefined))])
}

function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      outgoing.off('drain', done).off('close', done)
      resolve()
    }
    outgoing.on('drain', done).on('close', done)
    if (outgoing.destroyed) done()
  })
}
