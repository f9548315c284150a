import { resolve } from 'node:path'
import { Failure } from '../../contract/errors.ts'
import type { Context, Flags } from '../context.ts'

export type DeployFlags = {
  readonly kind: 'deploy' | 'rollback' | 'uninstall' | 'recover'
  /** Show the plan and stop: how. Null to carry it out. */
  readonly only: 'plan' | 'diff' | 'json' | null
  readonly force: boolean
  /** Empty for this host, or the absolute path of a staging directory. */
  readonly root: string
  readonly withoutDefaultSite: boolean
}

/** The flags of `tsicorn deploy` as commander collected them. Throws USAGE for two that exclude each other. */
export function readFlags(given: Flags, { cwd }: Pick<Context, 'cwd'>): DeployFlags {
  const kinds = (['rollback', 'uninstall', 'recover'] as const).filter((kind) => given[kind] === true)
  if (kinds.length > 1) throw new Failure('USAGE', `--${kinds.join(' and --')} exclude each other`)
  const root = given['root']
  const staged = typeof root === 'string' ? resolve(cwd, root) : ''
  return {
    kind: kinds[0] ?? 'deploy',
    only: given['json'] === true ? 'json' : given['diff'] === true ? 'diff' : given['dryRun'] === true ? 'plan' : null,
    force: given['force'] === true,
    root: staged === '/' ? '' : staged,
    withoutDefaultSite: given['disableDefaultSite'] === true,
  }
}
