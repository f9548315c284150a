import type { IncomingMessage } from 'node:http'
import { constants, type ServerHttp2Session, type ServerHttp2Stream } from 'node:http2'
import type { Session } from '../connections.ts'
import { type Finding, inspect } from '../inspect.ts'
import type { Limits } from '../limits.ts'
import type { Refusal } from '../refusals.ts'

export function sessionOf(session: ServerHttp2Session): Session {
  return {
    inspect: inspectStream,
    refuse: refuseStream,
    // Not announced by a GOAWAY with the highest number of all, as RFC 9113 suggests: what comes after that one node:http2
    // drops without a word, and the client would wait for it.
    close: () => session.close(),
  }
}

/** What is refused over HTTP/1.1 is refused here, where the version is beyond doubt. */
function inspectStream(request: IncomingMessage, limits: Limits): Finding {
  const { method = '', url = '', rawHeaders, headers, complete } = request
  const finding = inspect({ method, url, rawHeaders, httpVersionMajor: 1, httpVersionMinor: 1 }, limits)
  // A body whose length is not told is counted as it comes, as one in chunks is.
  return complete || headers['content-length'] !== undefined ? finding : { ...finding, chunked: true }
}

function refuseStream({ socket }: IncomingMessage, { status }: Refusal): void {
  const stream = socket as unknown as ServerHttp2Stream
  if (stream.destroyed || stream.closed) return
  if (stream.headersSent) return stream.close(constants.NGHTTP2_CANCEL)
  stream.respond({ [constants.HTTP2_HEADER_STATUS]: status }, { endStream: true })
  stream.close(constants.NGHTTP2_NO_ERROR)
}
