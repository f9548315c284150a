import type { Disk } from './disk.ts'
import type { Host } from './host.ts'
import { renewSockets } from './renew-sockets.ts'
import { commandLine, type Run } from './run-command.ts'
import type { CertificateStep, Command, DirectoriesStep, PutStep, Step } from './step.ts'
import type { Found, WantedDirectory, WantedFile } from './wanted.ts'

/** Files of a certificate that was made for this deployment: PEM texts. */
export type MadeCertificate = { readonly certificate: string; readonly key: string }

export type Performing = {
  readonly disk: Disk
  readonly run: Run
  readonly change: string
  /** Ids of the accounts; asked again after accounts were made. */
  readonly accounts: () => Promise<Pick<Host, 'users' | 'groups'>>
  readonly certificate: MadeCertificate | null
  readonly signal: AbortSignal
}

/** Does one step of a plan. Throws when it cannot be done. */
export async function perform(step: Step, means: Performing): Promise<void> {
  if (step.kind === 'put') return put(step, means)
  if (step.kind === 'remove') return place(step.path, step.leaves, means)
  if (step.kind === 'accounts') {
    for (const command of step.commands) await mustRun(command, means)
    return
  }
  if (step.kind === 'directories') return makeDirectories(step, means)
  if (step.kind === 'certificate') return putCertificate(step, means)
  if (step.kind === 'command') return mustRun(step.command, means)
  if (step.kind === 'sockets') return renewSockets(step, (command) => mustRun(command, means))
  // An account that is to go goes when the change has been made for good.
}

async function put({ wanted }: PutStep, means: Performing): Promise<void> {
  if (wanted.kind === 'link') return place(wanted.path, { kind: 'link', target: wanted.target }, means)
  const base64 = Buffer.from(wanted.content).toString('base64')
  place(wanted.path, { kind: 'file', base64, mode: wanted.mode, ...idsOf(wanted, await means.accounts()) }, means)
}

function idsOf(wanted: WantedFile | WantedDirectory, { users, groups }: Pick<Host, 'users' | 'groups'>) {
  return { uid: users.get(wanted.user) ?? 0, gid: groups.get(wanted.group) ?? 0 }
}

function place(path: string, what: Found, { disk, change }: Performing): void {
  if (what.kind !== 'absent') {
    const directory: Found = { kind: 'directory', mode: 0o755, uid: 0, gid: 0 }
    for (const missing of disk.missingAbove(path)) disk.put(missing, directory, change)
  }
  disk.retain(path, change)
  disk.put(path, what, change)
}

async function makeDirectories({ directories, command }: DirectoriesStep, means: Performing): Promise<void> {
  // Each way is looked at before a program follows it.
  for (const { wanted } of directories) means.disk.missingAbove(wanted.path)
  if (command !== null) await mustRun(command, means)
  else
    for (const { wanted } of directories)
      place(wanted.path, { ...wanted, ...idsOf(wanted, await means.accounts()) }, means)
  const still = directories.filter(({ wanted }) => means.disk.look(wanted.path).kind !== 'directory')
  if (still.length > 0) {
    const paths = still.map(({ wanted }) => wanted.path).join(', ')
    throw new Error(`${commandLine(command ?? ['mkdir'])} did not make ${paths}`)
  }
}

function putCertificate({ wanted }: CertificateStep, means: Performing): void {
  const { certificate } = means
  if (certificate === null) throw new Error('the certificate was not made')
  const file = (text: string, mode: number): Found => ({
    ...{ kind: 'file', base64: Buffer.from(text).toString('base64'), mode },
    ...{ uid: 0, gid: 0 },
  })
  place(wanted.certificate, file(certificate.certificate, 0o644), means)
  place(wanted.key, file(certificate.key, 0o600), means)
}

async function mustRun(command: Command, { run, signal }: Performing): Promise<void> {
  const { ok, stderr, status } = await run(command, signal)
  if (ok) return
  signal.throwIfAborted()
  throw new Error(
    [`${commandLine(command)} failed with status ${status ?? 'unknown'}`, stderr.trim()].join('\n').trim(),
  )
}
