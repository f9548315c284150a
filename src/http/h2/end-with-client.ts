import type { ServerHttp2Session } from 'node:http2'
import { closeGently } from '../close-gently.ts'
import type { Connection } from '../connections.ts'

/**
 * A client has ended its side of the connection, so nothing more comes: what it has asked is answered, and what it was
 * still sending is over. node:http2 relies on sockets that end by themselves then, which those of node:http do not.
 */
export function endWithClient(session: ServerHttp2Session, { exchanges, socket }: Connection): void {
  const end = (): void => {
    if (exchanges.some(({ request }) => request.complete)) return
    session.destroy()
    // A session whose last words cannot be written any more keeps its socket.
    closeGently(socket)
  }
  if (!session.closed) session.close()
  // The last frames of an answer are on their way when it is over.
  for (const { response } of exchanges) response.once('close', () => setImmediate(end))
  end()
}
