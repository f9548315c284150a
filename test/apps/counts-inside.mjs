// /MS waits so many milliseconds and tells how many requests the application has had at the same time at most;
// /large answers with 32 MB.
import { finished } from 'node:stream/promises'
import { threadId } from 'node:worker_threads'

let inside = 0
let most = 0

export default async function count(request, response) {
  inside += 1
  most = Math.max(most, inside)
  await finished(request.resume()).catch(() => {})
  await new Promise((resolve) => setTimeout(resolve, Number(request.url.slice(1)) || 0))
  inside -= 1
  if (request.url === '/large') return response.end(Buffer.alloc(32 * 2 ** 20))
  response.end(JSON.stringify({ pid: process.pid, thread: threadId, most }))
}
