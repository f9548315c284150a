import { block, type Field, flag, frame, frameType, get, post, preface } from '../../helpers/http2-frames.ts'
import type { RawHttp2 } from '../../helpers/raw-http2.ts'

/**
 * What becomes of it: the connection ends or a stream does, each with an error code; a stream is answered, and the answer
 * of the echo lacks a text; or nothing.
 */
export type Reaction =
  | { readonly connection: number }
  | { readonly stream: number; readonly reset: number }
  | { readonly stream: number; readonly status: number; readonly lacks?: string }
  | 'nothing'

export const ends = (connection: number): Reaction => ({ connection })
export const resets = (reset: number, stream = 1): Reaction => ({ stream, reset })
export const answers = (status: number, stream = 1): Reaction => ({ stream, status })
export const served = answers(200)
/** Served without a field whose name has this in it. */
export const without = (lacks: string): Reaction => ({ stream: 1, status: 200, lacks })

/** Bytes to send, or what is waited for between them. */
export type Step = Buffer | ((raw: RawHttp2) => Promise<unknown>)

export type Case = {
  /** Of RFC 9113, unless it names another one. */
  readonly section: string
  /** What the client sends, in words. */
  readonly what: string
  readonly steps: readonly Step[]
  /** Any of these will do; in the place of an error of a stream, the same one of the connection (RFC 9113, 5.4.2). */
  readonly expect: readonly Reaction[]
  /** What the section asks for, where what is expected here is something else. */
  readonly known: string | null
}

type Given = readonly [what: string, steps: readonly Step[], ...expect: readonly Reaction[]]

/** How every connection begins that is not about its begin. */
const greeting = [preface, frame(frameType.settings, 0, 0)]

/** Cases that have to say how their connections begin. */
export function fromTheStart(section: string, given: readonly Given[]): readonly Case[] {
  return given.map(([what, steps, ...expect]) => ({ section, what, expect, steps, known: null }))
}

/** The cases of one section, on connections that begin as usual. */
export function about(section: string, given: readonly Given[]): readonly Case[] {
  return fromTheStart(section, given).map((one) => ({ ...one, steps: [...greeting, ...one.steps] }))
}

/** The same where node:http2 is known to do something else than the section asks for, which cannot be told from here. */
export function knownIn(section: string, rule: string, given: readonly Given[]): readonly Case[] {
  return about(section, given).map((one) => ({ ...one, known: rule }))
}

const { headers } = frameType

/** A whole request with these fields, on stream 1. */
export const ask = (...fields: readonly Field[]): Buffer => frame(headers, flag.whole, 1, block(...fields))
/** A request without a body. */
export const asked = (stream = 1): Buffer => frame(headers, flag.whole, stream, block(...get))
/** The head of a request whose body is to come. */
export const begun = (stream = 1): Buffer => frame(headers, flag.endHeaders, stream, block(...post))
/** Waits for the answer on a stream to begin its body, which is all of it. */
export const answered =
  (stream = 1) =>
  (raw: RawHttp2): Promise<unknown> =>
    raw.frame(frameType.data, stream)
