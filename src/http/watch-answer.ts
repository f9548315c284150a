import { ServerResponse } from 'node:http'

/** What is seen of an answer on its way out. */
export type AnswerCount = {
  /** Bytes of the body that the application handed over, without the framing of chunks. */
  bytes: number
  /** When its head was written, on the clock of performance.now(); null until then. */
  headAt: number | null
}

const counted = Symbol('counted')
const watched = new WeakSet<object>()

type Watched = ServerResponse & { [counted]?: AnswerCount }

/**
 * Counts what goes out in an answer. The methods are replaced once, in the class of all answers, and not in each answer,
 * which would cost more than all the counting.
 */
export function watchAnswer(response: ServerResponse): AnswerCount {
  // HTTP/2 has a class of its own. Frameworks give an answer another prototype later, which leads back to this one.
  const isOfNode = response instanceof ServerResponse
  const prototype = isOfNode ? ServerResponse.prototype : (Object.getPrototypeOf(response) as ServerResponse)
  if (!watched.has(prototype)) wrap(prototype)
  const count = { bytes: 0, headAt: null }
  const answer: Watched = response
  answer[counted] = count
  return count
}

function wrap(prototype: ServerResponse): void {
  watched.add(prototype)
  const { write, end, writeHead } = prototype
  const methods = {
    write: function (this: ServerResponse, ...given: unknown[]): unknown {
      count(this, given)
      return Reflect.apply(write, this, given)
    },
    end: function (this: ServerResponse, ...given: unknown[]): unknown {
      count(this, given)
      return Reflect.apply(end, this, given)
    },
    writeHead: function (this: Watched, ...given: unknown[]): unknown {
      const known = this[counted]
      if (known !== undefined) known.headAt ??= performance.now()
      return Reflect.apply(writeHead, this, given)
    },
  }
  Object.assign(prototype, methods)
}

function count(response: Watched, [chunk, encoding]: readonly unknown[]): void {
  const known = response[counted]
  if (known === undefined || response.writableEnded) return
  if (typeof chunk === 'string') known.bytes += Buffer.byteLength(chunk, asEncoding(encoding))
  else if (ArrayBuffer.isView(chunk)) known.bytes += chunk.byteLength
}

function asEncoding(encoding: unknown): BufferEncoding {
  return typeof encoding === 'string' && Buffer.isEncoding(encoding) ? encoding : 'utf8'
}
