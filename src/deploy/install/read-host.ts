import { X509Certificate } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { certificateProblems } from '../certificate.ts'
import type { Disk } from './disk.ts'
import type { Host, UnitState } from './host.ts'
import type { Run } from './run-command.ts'
import { type Found, textOf, type WantedCertificate } from './wanted.ts'

export type HostQuestion = {
  readonly root: string
  readonly owns: boolean
  readonly disk: Disk
  readonly run: Run
  readonly paths: readonly string[]
  readonly users: readonly string[]
  readonly groups: readonly string[]
  readonly units: readonly string[]
  readonly certificates: readonly WantedCertificate[]
  /** Paths that must be there, whatever they are. */
  readonly needed: readonly string[]
  readonly now: Date
}

// A certificate of our own making is made again in time for the next deployments to notice.
const renewBefore = 14 * 86_400_000

/** Looks at everything that a plan depends on. Nothing is changed. */
export async function readHost(question: HostQuestion): Promise<Host> {
  const { root, owns, disk, run, paths, units, certificates, now } = question
  const serves = root === '' && isBooted()
  const accounts = await readAccounts(question)
  return {
    found: new Map(paths.map((path) => [path, disk.look(path)])),
    ...accounts,
    units: serves ? await readUnits(units, run) : new Map(),
    certificates: new Map(certificates.map((one) => [one.certificate, problemsOf(one, disk, now)])),
    lacks: question.needed.filter((path) => !existsSync(posix.join(root, path))),
    ...{ serves, owns, staged: root !== '' },
  }
}

/** Whether systemd runs this host, as sd_booted(3) finds out. */
export function isBooted(): boolean {
  return existsSync('/run/systemd/system')
}

/** The ids of accounts: those the host knows from wherever, or those in the files of a staging directory. */
export async function readAccounts(
  question: Pick<HostQuestion, 'root' | 'run' | 'users' | 'groups'>,
): Promise<Pick<Host, 'users' | 'groups'>> {
  const { root, run } = question
  const ids = async (kind: 'passwd' | 'group', names: readonly string[]) => {
    const found = new Map<string, number>([['root', 0]])
    const text = root === '' ? (await run(['getent', kind, ...names])).stdout : readText(posix.join(root, 'etc', kind))
    for (const line of text.split('\n')) {
      const [name = '', , id = ''] = line.split(':')
      if (names.includes(name)) found.set(name, Number(id))
    }
    return found
  }
  return { users: await ids('passwd', question.users), groups: await ids('group', question.groups) }
}

async function readUnits(units: readonly string[], run: Run): Promise<ReadonlyMap<string, UnitState>> {
  const { stdout } = await run([
    ...['systemctl', 'show', '--property=Id,ActiveState,UnitFileState,NeedDaemonReload'],
    ...units,
  ])
  return parseUnits(stdout, units)
}

/** Reads what `systemctl show` says of several units: blocks in the order they were asked for, with empty lines between. */
export function parseUnits(text: string, units: readonly string[]): ReadonlyMap<string, UnitState> {
  const blocks = text.trim().split(/\n\s*\n/)
  const states = units.map((unit, index): readonly [string, UnitState] => {
    const lines = (blocks[index] ?? '').split('\n').map((line) => line.split('=', 2))
    const value = (name: string) => lines.find(([key]) => key === name)?.[1] ?? ''
    const enabled = ['enabled', 'enabled-runtime', 'static', 'alias', 'indirect'].includes(value('UnitFileState'))
    return [unit, { active: value('ActiveState') || 'inactive', enabled, stale: value('NeedDaemonReload') === 'yes' }]
  })
  return new Map(states)
}

function problemsOf({ certificate, key, names }: WantedCertificate, disk: Disk, now: Date): readonly string[] {
  const [chain, keyFound] = [disk.look(certificate), disk.look(key)]
  const missing = [
    ...(chain.kind === 'absent' ? ['there is none'] : []),
    ...(keyFound.kind === 'absent' && chain.kind !== 'absent' ? ['there is no key'] : []),
  ]
  if (missing.length > 0) return missing
  // A link leads to a certificate that somebody else looks after; a key may be for root's eyes only.
  if (chain.kind !== 'file' || keyFound.kind !== 'file') return []
  return readProblems(chain, keyFound, { names, now })
}

function readProblems(
  chain: Found,
  key: Found,
  { names, now }: { readonly names: readonly string[]; readonly now: Date },
): readonly string[] {
  try {
    const text = textOf(chain) ?? ''
    const certificate = new X509Certificate(text)
    // One of our own making stands alone.
    if (text.split('-----BEGIN CERTIFICATE-----').length > 2) return ['there are others behind it']
    const soon = new Date(now.getTime() + renewBefore)
    return certificateProblems(certificate, { keyPem: textOf(key), names, now: soon })
  } catch (error) {
    return [`it cannot be read: ${error instanceof Error ? error.message : String(error)}`]
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
