import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** A request, or several, byte by byte, and what is to become of it. */
export type RequestCase = {
  readonly name: string
  /** The bytes, for requests whose paths begin with this number. */
  readonly bytes: (number: number) => Buffer
  /** The client closes its half after them. */
  readonly end: boolean
  /** The statuses of the answers, in order; where several are right, all of them. */
  readonly answers: readonly (readonly number[])[]
  /** How many requests the application may see begin. */
  readonly begins: number
  /** The length of the body of each request that the application gets whole. */
  readonly sees: readonly number[]
  /** Whether the server closes the connection afterwards; null where it may. */
  readonly closes: boolean | null
}

/** The cases that need one set of flags. */
export type Family = {
  readonly name: string
  readonly flags: readonly string[]
  readonly cases: readonly RequestCase[]
}

type Written = {
  readonly name: string
  readonly head?: readonly string[]
  readonly body?: string
  readonly raw?: string
  readonly with?: readonly string[]
  readonly status?: number | readonly number[]
  readonly answers?: readonly (number | readonly number[])[]
  readonly begins?: number
  readonly sees?: readonly number[]
  readonly end?: boolean
  readonly closes?: boolean
  readonly 'may-close'?: boolean
  readonly anywhere?: boolean
}

const folder = fileURLToPath(new URL('../requests/', import.meta.url))

/** Reads test/requests/valid or test/requests/invalid. */
export function readCorpus(kind: 'valid' | 'invalid'): readonly Family[] {
  return readdirSync(`${folder}${kind}`).map((file) => {
    const text = readFileSync(`${folder}${kind}/${file}`, 'utf8')
    const { flags, cases } = JSON.parse(text) as { flags?: readonly string[]; cases: readonly Written[] }
    const name = `${kind}/${file.replace('.json', '')}`
    return { name, flags: flags ?? [], cases: cases.flatMap((written) => expand(kind, written)) }
  })
}

function expand(kind: 'valid' | 'invalid', written: Written): readonly RequestCase[] {
  const variants = written.with ?? ['']
  return variants.map((variant) => ({
    name: written.name.replaceAll('{}', JSON.stringify(variant)),
    bytes: (number) => Buffer.from(textOf(written, variant, number), 'latin1'),
    end: written.end ?? false,
    ...(kind === 'valid' ? served(written) : refused(written)),
  }))
}

type Expected = Pick<RequestCase, 'answers' | 'begins' | 'sees' | 'closes'>

function served({ answers, sees = [0], closes, anywhere, 'may-close': mayClose }: Written): Expected {
  const statuses = (answers ?? [200]).map((status) => [status].flat())
  const seen = anywhere === true ? [] : sees
  return { answers: statuses, begins: seen.length, sees: seen, closes: mayClose === true ? null : (closes ?? false) }
}

function refused({ answers, status = [], begins = 0, sees = [] }: Written): Expected {
  const statuses = (answers ?? [[status].flat()]).map((one) => [one].flat())
  return { answers: statuses, begins, sees, closes: true }
}

/** `{}` stands for the variant, `{id}` for the number, `{x*20}` for twenty x; a head's lines end as they must. */
function textOf({ raw, head = [], body = '' }: Written, variant: string, number: number): string {
  return (raw ?? `${head.join('\r\n')}\r\n\r\n${body}`)
    .replaceAll('{}', () => variant)
    .replaceAll('{id}', String(number))
    .replace(/\{([^{}]*)\*(\d+)\}/g, (_all, part: string, times: string) => part.repeat(Number(times)))
}
