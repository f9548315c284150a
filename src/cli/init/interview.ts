import { fileSource } from '../../settings/file-source.ts'
import { read } from '../../settings/reading.ts'
import type { Source } from '../../settings/resolve.ts'
import type { Reading } from '../../settings/setting.ts'
import { presentAnswers, settleAnswers } from '../../settings/site-answers.ts'
import { isProvable, type SiteAnswers, siteRow, siteTable } from '../../settings/site-table.ts'
import { answersOf } from './gather.ts'
import { verifyApp } from './verify.ts'

/** One question put to a person. */
export type Question = {
  readonly message: string
  /** What Enter answers. */
  readonly default: string
  /** The words to choose from; without them, any text. */
  readonly choices?: readonly string[]
  /** True, or what is wrong. */
  readonly validate: (text: string) => true | string
}

/** Puts a question and returns the answer, or null when the person leaves. */
export type Ask = (question: Question) => Promise<string | null>

type Name = keyof SiteAnswers

type Step = { readonly name: Name; readonly message: string; readonly when?: (answers: SiteAnswers) => boolean }

const steps: readonly Step[] = [
  { name: 'name', message: 'Name of the site' },
  { name: 'domain', message: 'Domain (several with commas, the main one first)' },
  { name: 'app', message: 'Application, PATH[:EXPORT]' },
  { name: 'tls', message: 'Certificate' },
  {
    name: 'email',
    message: 'Mail address for the certificate authority, or none',
    when: ({ tls }) => tls === 'letsencrypt',
  },
  { name: 'certificate', message: 'File with the certificate chain', when: ({ tls }) => tls === 'files' },
  { name: 'certificateKey', message: 'File with the private key', when: ({ tls }) => tls === 'files' },
  { name: 'user', message: 'User the application runs as' },
  { name: 'workers', message: 'Worker processes' },
  { name: 'static', message: 'Files that nginx serves itself, URLPREFIX=DIR (several with commas), or none' },
]

/** What is known before the next question. */
type State = {
  readonly sources: readonly Source[]
  readonly directory: string
  readonly given: Readonly<Record<string, unknown>>
}

/**
 * Asks what a person has to decide; the default of each question is what the sources say, given the answers so far.
 * Returns the answers as one more source, or null when the person leaves.
 */
export async function interview(sources: readonly Source[], directory: string, ask: Ask): Promise<Source | null> {
  let given: Readonly<Record<string, unknown>> = {}
  for (const step of steps) {
    const state = { sources, directory, given }
    const present = answersOf(presentAnswers([...sources, yours(given)], directory))
    if (step.when !== undefined && !step.when(present)) continue
    const question = questionFor(step, present, state)
    const text = await ask(question)
    if (text === null) return null
    // A default may be a list that no single text can say, and is kept as it is.
    const reading = text === question.default ? read(present[step.name]) : readAnswer(step.name, text)
    given = { ...given, [step.name]: reading.ok ? reading.value : text }
  }
  return yours(given)
}

function questionFor({ name, message }: Step, present: SiteAnswers, state: State): Question {
  const { kind } = siteRow(name)
  const shown = kind.format(present[name])
  const initial = shown === '' ? 'none' : shown
  return {
    message,
    default: initial,
    ...(name === 'tls' && { choices: certificateChoices(present) }),
    validate: (text) => (text === initial ? true : (problemWith(name, text, { present, state }) ?? true)),
  }
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
