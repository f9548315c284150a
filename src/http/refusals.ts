/** Why a request is turned away: the status its client gets, and the reason in words of ours, never in the client's. */
export type Refusal = { readonly status: number; readonly reason: string }

/** Everything that is turned away before the application sees it, with the section of the standard that says so. */
export const refusals = {
  /** RFC 9112, 2.3 and RFC 9110, 15.6.6. */
  version: { status: 505, reason: 'the version of HTTP is neither 1.0 nor 1.1' },
  /** RFC 9112, 3: 414 for a target longer than the server wishes to parse. */
  lineTooLong: { status: 414, reason: 'the request line is too long' },
  /** RFC 9112, 3.2. */
  target: { status: 400, reason: 'the request target is of no valid form' },
  targetStar: { status: 400, reason: 'the target * is for OPTIONS only' },
  targetAuthority: { status: 400, reason: 'the request target names no valid host' },
  /** RFC 6585, 5. */
  tooManyFields: { status: 431, reason: 'there are too many header fields' },
  fieldTooLarge: { status: 431, reason: 'a header field is too large' },
  headTooLarge: { status: 431, reason: 'the header fields are too large' },
  /** RFC 9112, 3.2. */
  hostMissing: { status: 400, reason: 'the Host field is missing' },
  hostTwice: { status: 400, reason: 'there is more than one Host field' },
  host: { status: 400, reason: 'the Host field is invalid' },
  /** RFC 9110, 5.3: a field that is no list comes once. Proxies and applications differ in which one they take. */
  contentTypeTwice: { status: 400, reason: 'there is more than one Content-Type field' },
  contentLengthTwice: { status: 400, reason: 'there is more than one Content-Length field' },
  /** RFC 9112, 6.1 and 6.3. */
  codingTwice: { status: 400, reason: 'there is more than one Transfer-Encoding field' },
  codingNotFinal: { status: 400, reason: 'the last transfer coding is not chunked' },
  codingOldVersion: { status: 400, reason: 'HTTP/1.0 has no transfer codings' },
  coding: { status: 501, reason: 'a transfer coding other than chunked is not implemented' },
  /** RFC 9110, 15.5.14. */
  bodyTooLarge: { status: 413, reason: 'the body is too large' },
  /** RFC 9110, 6.5.1. */
  trailer: { status: 400, reason: 'a trailer field is one that must not be a trailer' },
  underscore: { status: 400, reason: 'the name of a header field has an underscore' },
  /** RFC 9110, 10.1.1. */
  expectation: { status: 417, reason: 'the expectation is not 100-continue' },
  /** RFC 9110, 9.1. */
  method: { status: 501, reason: 'the method is not implemented' },
  connect: { status: 501, reason: 'this server is no proxy: CONNECT is not implemented' },
  /** Requests wait on the connection for their answers, so there is no way to tell where another protocol begins. */
  upgradeBehind: { status: 400, reason: 'a protocol switch was asked for before earlier requests were answered' },
  /** What is secure must not be decided by guessing. */
  scheme: { status: 400, reason: 'the proxies contradict each other about the scheme' },
  /** RFC 9112, 8. */
  incomplete: { status: 400, reason: 'the connection ended in the middle of a request' },
  timeout: { status: 408, reason: 'the request took too long to arrive' },
  crowded: { status: 408, reason: 'the request took too long to arrive while others waited' },
  /** RFC 9112, 7.1.1. */
  chunkExtensions: { status: 413, reason: 'the chunk extensions are too large' },
  chunk: { status: 400, reason: 'a chunk of the body is malformed' },
  requestLine: { status: 400, reason: 'the request line is malformed' },
  field: { status: 400, reason: 'a header field is malformed' },
  contentLength: { status: 400, reason: 'the Content-Length field is invalid' },
  framing: { status: 400, reason: 'the fields contradict each other about where the body ends' },
  malformed: { status: 400, reason: 'the request is malformed' },
} as const satisfies Record<string, Refusal>
