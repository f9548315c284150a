import { resolve } from 'node:path'
import { Failure } from '../../contract/errors.ts'
import { type Layer, layers } from '../../deploy/check.ts'
import { distance } from '../../settings/suggest.ts'
import type { Context, Flags } from '../context.ts'

export type CheckFlags = {
  readonly layers: readonly Layer[]
  readonly active: boolean
  readonly strict: boolean
  readonly json: boolean
  /** The path of a report for machines that read JUnit's XML, or null. */
  readonly junit: string | null
  /** Empty for this host, or the absolute path of a staging directory. */
  readonly root: string
}

const others = ['rollback', 'uninstall', 'recover', 'dryRun', 'diff', 'force', 'disableDefaultSite'] as const

/** The flags of `tsicorn deploy --check` as commander collected them. Throws USAGE for what makes no sense together. */
export function readCheckFlags(given: Flags, { cwd }: Pick<Context, 'cwd'>): CheckFlags {
  if (given['check'] !== true) throw new Failure('USAGE', '--layer, --active, --strict and --junit go with --check')
  const strange = others.find((name) => given[name] === true)
  if (strange !== undefined)
    throw new Failure('USAGE', `--check changes nothing, so ${flagOf(strange)} does not go with it`)
  const root = typeof given['root'] === 'string' ? resolve(cwd, given['root']) : ''
  const staged = root === '/' ? '' : root
  const junit = given['junit']
  return {
    layers: chosen(given['layer'], staged),
    active: given['active'] === true,
    strict: given['strict'] === true,
    json: given['json'] === true,
    junit: typeof junit === 'string' ? resolve(cwd, junit) : null,
    root: staged,
  }
}

function chosen(value: unknown, root: string): readonly Layer[] {
  const names: readonly string[] = Array.isArray(value) ? value.map(String) : []
  const unknown = names.find((name) => !layers.some((layer) => layer === name))
  if (unknown !== undefined) {
    const meant = layers.find((layer) => distance(layer, unknown) <= 2)
    const hint = meant === undefined ? '' : `; did you mean ${meant}?`
    throw new Failure('USAGE', `--layer: expected files, host or live, got ${JSON.stringify(unknown)}${hint}`)
  }
  const wanted =
    names.length === 0 ? (root === '' ? layers : (['files'] as const)) : layers.filter((layer) => names.includes(layer))
  if (root !== '' && wanted.some((layer) => layer !== 'files'))
    throw new Failure('USAGE', '--root holds files and nothing that runs: only --layer files goes with it')
  return wanted
}

function flagOf(name: string): string {
  return `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}
