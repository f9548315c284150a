import { Failure } from '../../contract/errors.ts'
import { type Holder, nextFreePort, portHolder, portState } from '../../deploy/ports.ts'
import type { Ports } from '../../deploy/rehearsal-answers.ts'
import type { Context } from '../context.ts'
import { escapeControl } from '../paint.ts'
import { agree } from './agree.ts'
import type { Project } from './load-project.ts'
import { type RehearseFlags, usualPorts } from './read-flags.ts'

export type PortQuestion = {
  readonly flags: RehearseFlags
  readonly directory: string | undefined
  readonly project: Project
  readonly withProxy: boolean
  readonly context: Context
  readonly signal: AbortSignal
}

type Purpose = 'http' | 'https'

/** A port that is not ours to take, and the next one that is; null where there is none nearby. */
type Conflict = {
  readonly purpose: Purpose
  readonly port: number
  readonly words: string
  readonly offer: number | null
}

/**
 * The ports for the rehearsal. One that is taken is named with who holds it, and the next free one is offered:
 * by a question on a terminal, by the command to type otherwise, with PORT_IN_USE.
 */
export async function settlePorts(question: PortQuestion): Promise<Ports> {
  const { flags, context } = question
  const wanted = flags.ports
  const conflicts = await findConflicts(wanted, purposesOf(question))
  if (conflicts.length === 0) return wanted
  const offerFor = (purpose: Purpose) =>
    conflicts.find((conflict) => conflict.purpose === purpose)?.offer ?? wanted[purpose]
  const offered: Ports = { http: offerFor('http'), https: offerFor('https') }
  const words = conflicts.map((conflict) => conflict.words)
  if (conflicts.some(({ offer }) => offer === null)) throw new Failure('PORT_IN_USE', words.join('\n'))
  const isAsked = context.stdin.isTTY === true && context.stdout.isTTY === true && !flags.json
  const offers = conflicts.map(({ offer }) => offer).join(' and ')
  if (isAsked && (await agree(`${words.join(', ')}. Take ${offers} instead?`, context, question.signal))) return offered
  throw new Failure('PORT_IN_USE', words.join('\n'), { fix: commandFor(question, offered) })
}

/** Which ports are needed: without TLS only one, and without a proxy nobody redirects. */
function purposesOf({ project, withProxy }: PortQuestion): readonly Purpose[] {
  if (project.site.tls === 'off') return ['http']
  return withProxy ? ['http', 'https'] : ['https']
}

async function findConflicts(wanted: Ports, purposes: readonly Purpose[]): Promise<readonly Conflict[]> {
  const conflicts: Conflict[] = []
  const spoken = purposes.map((purpose) => wanted[purpose])
  for (const purpose of purposes) {
    const port = wanted[purpose]
    const twice = purpose === 'https' && purposes.length === 2 && wanted.http === wanted.https
    const state = twice ? 'taken' : await portState(port)
    if (state === 'free') continue
    const offer = await nextFreePort(Math.max(port, 1023), spoken)
    if (offer !== null) spoken.push(offer)
    const words = twice ? `port ${port} is asked for twice` : wordsFor(port, state, await portHolder(port))
    conflicts.push({ purpose, port, words, offer })
  }
  return conflicts
}

function wordsFor(port: number, state: 'taken' | 'forbidden', holder: Holder | null): string {
  if (state === 'forbidden') return `port ${port} may be taken by root only`
  if (holder === null) return `port ${port} is in use`
  if (holder.pid === null) return `port ${port} is in use by a process of user ${holder.uid}`
  return `port ${port} is in use by ${escapeControl(holder.name ?? 'a process')} (pid ${holder.pid})`
}

/** What was typed, with the ports that are offered. */
function commandFor({ context, directory, flags }: PortQuestion, ports: Ports): string {
  const event = context.env['npm_lifecycle_event']
  const words = [
    ...(['once', 'json', 'strict', 'keep'] as const).filter((mode) => flags[mode]).map((mode) => `--${mode}`),
    ...(['http', 'https'] as const)
      .filter((purpose) => ports[purpose] !== usualPorts[purpose])
      .map((purpose) => `--${purpose}-port ${ports[purpose]}`),
  ]
  if (event === 'start') return ['npm start --', ...words].join(' ')
  const own = [...(event === 'npx' ? ['npx'] : []), 'tsicorn rehearse']
  return [...own, ...(directory === undefined ? [] : [quote(directory)]), ...words].join(' ')
}

function quote(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
