/** An answer as it came over the wire. */
export type WireAnswer = {
  readonly status: number
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Buffer
  /** Whether it is the last one of its connection, as it says itself. */
  readonly closes: boolean
}

type Read<Value> = { readonly value: Value; readonly rest: Buffer } | null

/** The first final answer in the bytes and what follows it; null while it is incomplete. `isOver`: no more bytes come. */
export function readAnswer(bytes: Buffer, isOver: boolean): Read<WireAnswer> {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [first = '', ...lines] = bytes.subarray(0, end).toString('latin1').split('\r\n')
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(first)?.[1])
  const rest = bytes.subarray(end + 4)
  if (status >= 100 && status < 200 && status !== 101) return readAnswer(rest, isOver)
  const headers = Object.fromEntries(lines.map(readField))
  const body = readBody(rest, headers, isOver)
  if (body === null) return null
  const closes = headers['connection']?.toLowerCase() === 'close'
  return { value: { status, headers, body: body.value, closes }, rest: body.rest }
}

function readField(line: string): [string, string] {
  const at = line.indexOf(':')
  return [line.slice(0, at).toLowerCase(), line.slice(at + 1).trim()]
}

function readBody(bytes: Buffer, headers: Readonly<Record<string, string>>, isOver: boolean): Read<Buffer> {
  if (headers['transfer-encoding'] === 'chunked') return readChunks(bytes)
  const length = Number(headers['content-length'])
  if (Number.isNaN(length)) return isOver ? { value: bytes, rest: Buffer.alloc(0) } : null
  return bytes.length < length ? null : { value: bytes.subarray(0, length), rest: bytes.subarray(length) }
}

function readChunks(bytes: Buffer): Read<Buffer> {
  const chunks: Buffer[] = []
  for (let at = 0; ; ) {
    const lineEnd = bytes.indexOf('\r\n', at)
    if (lineEnd < 0) return null
    const length = Number.parseInt(bytes.toString('latin1', at, lineEnd), 16)
    const next = lineEnd + 2 + length + 2
    if (bytes.length < next) return null
    if (length === 0) return { value: Buffer.concat(chunks), rest: bytes.subarray(next) }
    chunks.push(bytes.subarray(lineEnd + 2, next - 2))
    at = next
  }
}
