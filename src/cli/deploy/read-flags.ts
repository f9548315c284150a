import { resolve } from 'node:path'
import { Failure } from '../../contract/errors.ts'
import type { Context, Flags } from '../context.ts'

export type DeployFlags = {
  readonly kind: 'deploy' | 'rollback' | 'uninstall' | 'recover' | 'release'
  /** The absolute path of a release to switch to. */
  readonly release: string | null
  /** How many releases stay. */
  readonly keep: number
  /** Show the plan and stop: how. Null to carry it out. */
  readonly only: 'plan' | 'diff' | 'json' | null
  readonly force: boolean
  /** Empty for this host, or the absolute path of a staging directory. */
  readonly root: string
  readonly withoutDefaultSite: boolean
}

const usualKeep = 5

/** The flags of `tsicorn deploy` as commander collected them. Throws USAGE for two that exclude each other. */
export function readFlags(given: Flags, { cwd }: Pick<Context, 'cwd'>): DeployFlags {
  const kinds = (['rollback', 'uninstall', 'recover', 'release'] as const).filter((kind) => given[kind] !== undefined)
  const release = given['release']
  const both = [...kinds, ...(typeof release === 'string' && given['root'] !== undefined ? ['root'] : [])]
  if (both.length > 1) throw new Failure('USAGE', `--${both.join(' and --')} exclude each other`)
  const root = given['root']
  const staged = typeof root === 'string' ? resolve(cwd, root) : ''
  return {
    kind: kinds[0] ?? 'deploy',
    only: given['json'] === true ? 'json' : given['diff'] === true ? 'diff' : given['dryRun'] === true ? 'plan' : null,
    release: typeof release === 'string' ? resolve(cwd, release) : null,
    keep: typeof given['keep'] === 'number' ? given['keep'] : usualKeep,
    force: given['force'] === true,
    root: staged === '/' ? '' : staged,
    withoutDefaultSite: given['disableDefaultSite'] === true,
  }
}
