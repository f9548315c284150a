import type { Target } from './http-request.ts'
import { request } from './http-request.ts'
import { rawSocket } from './raw-socket.ts'
import type { RequestCase } from './request-corpus.ts'

/** Where bytes are cut into pieces. */
export type Cuts = 'whole' | 'bytes' | { readonly seed: number }

/** More pieces than this take long and show nothing new. */
const mostPieces = 600

/** Sends the bytes of a case, then another request, and says in a line what is not as expected; null when all is. */
export async function replay(target: Target, one: RequestCase, number: number, cuts: Cuts): Promise<string | null> {
  await using socket = await rawSocket(target)
  const last = `GET /${number}/${one.closes === true ? 'smuggled' : 'after'} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`
  const bytes = Buffer.concat([one.bytes(number), Buffer.from(one.end ? '' : last)])
  for (const piece of cut(bytes, cuts)) {
    if (socket.isClosed()) break
    await new Promise((resolve) => socket.socket.write(piece, resolve))
  }
  if (one.end) socket.end()
  const received = await socket.closed({ what: `the end of ${one.name}; received ${socket.received().slice(0, 300)}` })
  const book = (await request(target, `/ledger/${number}`)).json() as Book
  return verdict(one, received, book)
}

type Book = { readonly begun: readonly string[]; readonly complete: readonly number[] }

function verdict({ answers, begins, sees, closes }: RequestCase, received: string, book: Book): string | null {
  const statuses = [...received.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  const isLast = closes === true || (closes === null && statuses.length === answers.length)
  const wanted = isLast ? answers : [...answers, [200]]
  const seen = isLast ? sees : [...sees, 0]
  const said = `answers ${statuses}, began ${book.begun.join(' | ')}, complete ${book.complete}`
  if (statuses.length !== wanted.length || !wanted.every((right, at) => right.includes(statuses[at] ?? 0))) {
    return `expected answers ${wanted.map((right) => right.join(' or '))}; ${said}`
  }
  if (book.begun.some((line) => line.includes('smuggled'))) return `a request was smuggled; ${said}`
  if (book.complete.join() !== seen.join()) return `expected bodies of ${seen}; ${said}`
  if (book.begun.length > begins + (isLast ? 0 : 1)) return `expected ${begins} to begin; ${said}`
  return isWellSaid(received) ? null : `a refusal without Date or Connection: close: ${received}`
}

/** Every refusal has a date and says that it is the last. */
function isWellSaid(received: string): boolean {
  const refusal = /HTTP\/1\.1 [45]\d\d [\s\S]*$/.exec(received)?.[0]
  return refusal === undefined || (/^Date: /m.test(refusal) && /^Connection: close\r$/m.test(refusal))
}

function cut(bytes: Buffer, cuts: Cuts): readonly Buffer[] {
  if (cuts === 'whole') return [bytes]
  const random = cuts === 'bytes' ? null : randomFrom(cuts.seed)
  const least = Math.ceil(bytes.length / mostPieces)
  const pieces: Buffer[] = []
  for (let at = 0; at < bytes.length; ) {
    const length = random === null ? least : least + Math.floor(random() * 30)
    pieces.push(bytes.subarray(at, at + length))
    at += length
  }
  return pieces
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** Does a thing for each, several at a time. */
export async function forEach<Item>(
  items: readonly Item[],
  width: number,
  act: (item: Item) => Promise<void>,
): Promise<void> {
  const rest = [...items]
  const take = async (): Promise<void> => {
    for (let item = rest.shift(); item !== undefined; item = rest.shift()) await act(item)
  }
  await Promise.all(Array.from({ length: width }, take))
}
