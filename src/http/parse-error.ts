import { type Refusal, refusals } from './refusals.ts'

/** What node:http tells of a connection it can make no sense of. */
export type ParseError = Error & {
  readonly code?: string
  readonly reason?: string
  readonly bytesParsed?: number
  readonly rawPacket?: Buffer
}

/**
 * The parser's error codes (`HPE_…`) and what they mean to the client; null when the connection itself has failed, and
 * nobody is there to be told. The client's bytes are looked at, never passed on.
 */
export function refusalOf(error: ParseError): Refusal | null {
  const { code = '' } = error
  if (code === 'HPE_INVALID_METHOD') return isUnknownMethod(error) ? refusals.method : refusals.requestLine
  if (code === 'HPE_INVALID_VERSION') return isOtherVersion(error) ? refusals.version : refusals.requestLine
  if (code === 'HPE_HEADER_OVERFLOW') return isInLine(error) ? refusals.lineTooLong : refusals.headTooLarge
  return byCode[code] ?? (code.startsWith('HPE_') ? refusals.malformed : null)
}

const byCode: Readonly<Record<string, Refusal>> = {
  ERR_HTTP_REQUEST_TIMEOUT: refusals.timeout,
  HPE_INVALID_EOF_STATE: refusals.incomplete,
  HPE_PAUSED_H2_UPGRADE: refusals.version,
  HPE_INVALID_URL: refusals.target,
  HPE_INVALID_CONSTANT: refusals.requestLine,
  HPE_INVALID_HEADER_TOKEN: refusals.field,
  HPE_LF_EXPECTED: refusals.field,
  HPE_INVALID_CONTENT_LENGTH: refusals.contentLength,
  HPE_UNEXPECTED_CONTENT_LENGTH: refusals.framing,
  HPE_INVALID_TRANSFER_ENCODING: refusals.framing,
  HPE_INVALID_CHUNK_SIZE: refusals.chunk,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: refusals.chunkExtensions,
  HPE_CR_EXPECTED: refusals.chunk,
  HPE_STRICT: refusals.chunk,
}

/** The longest that a method is looked for, in bytes. */
const longestMethod = 32

/**
 * Whether a line begins with a word that could be a method (RFC 9110, 9.1: 501), rather than with anything else. Where
 * the line came in several pieces, too little of it is seen to say so.
 */
function isUnknownMethod({ rawPacket, bytesParsed }: ParseError): boolean {
  if (rawPacket === undefined || bytesParsed === undefined) return false
  const begin = rawPacket.lastIndexOf(10, Math.max(0, bytesParsed - 1)) + 1
  return /^[A-Z][A-Z-]* [/*h]/.test(rawPacket.toString('latin1', begin, begin + longestMethod))
}

/** Whether what stands in the place of the version has its form, so that it is another version and no nonsense. */
function isOtherVersion({ rawPacket, bytesParsed }: ParseError): boolean {
  if (rawPacket === undefined || bytesParsed === undefined) return false
  const begin = rawPacket.lastIndexOf(10, bytesParsed - 1) + 1
  return /^[^\r\n]* HTTP\/\d\.\d\r?$/m.test(rawPacket.toString('latin1', begin, bytesParsed + longestMethod))
}

/** Whether the end of the request line has not been seen yet when the head became too large. */
function isInLine({ rawPacket, bytesParsed }: ParseError): boolean {
  if (rawPacket === undefined) return false
  return !rawPacket.subarray(0, bytesParsed).includes(10) && /^[A-Z-]+ /.test(rawPacket.toString('latin1', 0, 32))
}
