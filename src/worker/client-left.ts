/** An answer that was closed before its end, in a stack of V8's: by what closes the answers of a connection that is gone. */
const closedAnswer = /^ +at (?:Http2)?ServerResponse\.onclose |^ +at .*\(node:_http_server:\d+/m

/**
 * Whether a rejection that nobody handled only says that a client left: Node.js rejects whoever reads the body of a
 * client that broke off its upload (`abortIncoming` in _http_server.js), and whoever waits for an answer to be written
 * (`stream.pipeline`, `stream.finished`). Nobody waits for that answer any more, and nothing else has gone wrong. Other
 * streams close too early with the same code, which only the stack tells apart.
 */
export function isClientLeft(error: unknown, origin: NodeJS.UncaughtExceptionOrigin): boolean {
  if (origin !== 'unhandledRejection' || !(error instanceof Error) || !('code' in error)) return false
  if (error.code === 'ERR_STREAM_PREMATURE_CLOSE') return closedAnswer.test(error.stack ?? '')
  return error.message === 'aborted' && error.code === 'ECONNRESET'
}
