/**
 * Whether a rejection that nobody handled only says that a client broke off its upload: Node.js rejects whoever reads
 * the body (`abortIncoming` in _http_server.js). Nobody waits for that answer any more, and nothing else has gone wrong.
 */
export function isClientLeft(error: unknown, origin: NodeJS.UncaughtExceptionOrigin): boolean {
  if (origin !== 'unhandledRejection' || !(error instanceof Error)) return false
  return error.message === 'aborted' && 'code' in error && error.code === 'ECONNRESET'
}
