import { fileSource } from '../../settings/file-source.ts'
import { read } from '../../settings/reading.ts'
import type { Source } from '../../settings/resolve.ts'
import type { Reading } from '../../settings/setting.ts'
import { presentAnswers, settleAnswers } from '../../settings/site-answers.ts'
import { isProvable, type SiteAnswers, siteRow, siteTable } from '../../settings/site-table.ts'
import { certificateInPlace } from './certificates.ts'
import { answersOf } from './gather.ts'
import { type Name, type Step, steps } from './steps.ts'
import { verifyApp } from './verify.ts'
import { verifyCertificate } from './verify-certificate.ts'

/** One question put to a person. */
export type Question = {
  readonly message: string
  /** What Enter answers. */
  readonly default: string
  /** What there is to know about it. */
  readonly help: string
  /** The words to choose from; without them, any text. */
  readonly choices?: readonly string[]
  /** True, or what is wrong; `?` is answered with the help. */
  readonly validate: (text: string) => true | string
}

/** Puts a question and returns the answer, or null when the person leaves. */
export type Ask = (question: Question) => Promise<string | null>

/** What is known before the next question. */
type State = {
  readonly sources: readonly Source[]
  readonly directory: string
  readonly given: Readonly<Record<string, unknown>>
  readonly isFirst: boolean
}

/** What was answered, to be gone back into. */
export type Conversation = {
  /** The answers as one more source. */
  readonly source: Source
  /** Asks the last question again, and what follows from it. Null when the person leaves. */
  readonly back: () => Promise<Conversation | null>
}

/** The word that leads back to the question before. */
export const backWord = '<'

/** The word that asks what there is to know about a question. */
export const helpWord = '?'

type Given = Readonly<Record<string, unknown>>

/**
 * Asks what a person has to decide; the default of each question is what the sources say, given the answers so far.
 * Null when the person leaves.
 */
export function interview(sources: readonly Source[], directory: string, ask: Ask): Promise<Conversation | null> {
  return converse({ sources, directory, ask }, { given: {}, asked: [], at: 0 })
}

type Setting = { readonly sources: readonly Source[]; readonly directory: string; readonly ask: Ask }
type Progress = { readonly given: Given; readonly asked: readonly number[]; readonly at: number }

async function converse(setting: Setting, from: Progress): Promise<Conversation | null> {
  let { given, asked, at } = from
  for (let step = steps[at]; step !== undefined; step = steps[at]) {
    const { sources, directory } = setting
    const present = withCertificate(answersOf(presentAnswers([...sources, yours(given)], directory)), given)
    if (step.when !== undefined && !step.when(present)) {
      at += 1
      continue
    }
    const question = questionFor(step, present, { sources, directory, given, isFirst: asked.length === 0 })
    const text = await setting.ask(question)
    if (text === null) return null
    if (text.trim() === backWord) {
      at = asked.at(-1) ?? at
      asked = asked.slice(0, -1)
      continue
    }
    // A default may be a list that no single text can say, and is kept as it is.
    const reading = text === question.default ? read(present[step.name]) : readAnswer(step.name, text)
    given = { ...given, [step.name]: reading.ok ? reading.value : text }
    asked = [...asked, at]
    at += 1
  }
  const last = { given, asked: asked.slice(0, -1), at: asked.at(-1) ?? 0 }
  return { source: yours(given), back: () => converse(setting, last) }
}

// One that is on this machine already is what Enter answers.
function withCertificate(present: SiteAnswers, given: Given): SiteAnswers {
  const [main = ''] = present.domain
  const found = present.tls === 'files' ? certificateInPlace(main) : null
  const { certificate = found?.certificate } = given
  return found === null || certificate !== found.certificate ? present : { ...present, ...found }
}

function questionFor({ name, message, help }: Step, present: SiteAnswers, state: State): Question {
  const { kind } = siteRow(name)
  const shown = kind.format(present[name])
  const initial = shown === '' ? 'none' : shown
  return {
    message,
    default: initial,
    help,
    ...(choicesOf[name] !== undefined && { choices: choicesOf[name](present) }),
    validate: (text) => {
      if (text.trim() === helpWord) return help
      if (text.trim() === backWord) return state.isFirst ? 'This is the first question.' : true
      return text === initial ? true : (problemWith(name, text, { present, state }) ?? true)
    },
  }
}

const choicesOf: Readonly<Partial<Record<Name, (present: SiteAnswers) => readonly string[]>>> = {
  tls: certificateChoices,
  cdn: () => siteTable.cdn.kind.placeholder.split('|'),
}

function certificateChoices({ domain }: SiteAnswers): readonly string[] {
  const words = siteTable.tls.kind.placeholder.split('|')
  return isProvable(domain) ? words : words.filter((word) => word !== 'letsencrypt')
}

function readAnswer(name: Name, given: string): Reading<unknown> {
  const text = given.trim()
  const { kind, default: value } = siteRow(name)
  if (text === 'none' && value === null) return read(null)
  if (name !== 'static') return kind.parse(text)
  if (text === 'none') return read([])
  const readings = text.split(/\s*,\s*(?=\/)/).map(kind.parse)
  const values = readings.flatMap((reading) => (reading.ok ? reading.value : []))
  return readings.find((reading) => !reading.ok) ?? kind.check?.(values) ?? read(values)
}

type Surroundings = { readonly present: SiteAnswers; readonly state: State }

function problemWith(name: Name, text: string, { present, state }: Surroundings): string | null {
  const reading = readAnswer(name, text)
  if (!reading.ok) return inWords(siteRow(name).kind.expects, reading.problem)
  if (name === 'app') return firstOf(verifyApp({ ...present, app: String(reading.value) }))
  if (name === 'certificate' || name === 'certificateKey') {
    const complaints = verifyCertificate({ ...present, [name]: String(reading.value) })
    return firstOf(complaints.filter(({ source }) => source === name))
  }
  if (name !== 'static') return null
  const settled = settleAnswers([...state.sources, yours({ ...state.given, static: reading.value })], state.directory)
  return settled.ok ? null : firstOf(settled.complaints)
}

function firstOf(complaints: readonly { readonly expected: string; readonly got: string; readonly hint: string }[]) {
  const [first] = complaints
  return first === undefined ? null : inWords(first.expected, first.hint === '' ? `got ${first.got}` : first.hint)
}

function inWords(expected: string, problem: string): string {
  return [`Expected ${expected}`, problem].filter((part) => part !== '').join('; ')
}

function yours(given: Readonly<Record<string, unknown>>): Source {
  return fileSource('your answers', given)
}
