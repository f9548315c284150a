import type { Found, WantedCertificate, WantedDirectory, WantedFile, WantedLink } from './wanted.ts'

/** A program and its arguments. */
export type Command = readonly string[]

/** A file or link is put in place. */
export type PutStep = {
  readonly kind: 'put'
  readonly change: 'create' | 'change' | 'owner'
  readonly wanted: WantedFile | WantedLink
  readonly found: Found
}

/** What stands at a path goes, or what stood there before the first deployment comes back. */
export type RemoveStep = {
  readonly kind: 'remove'
  readonly path: string
  readonly found: Found
  /** What is left there. */
  readonly leaves: Found
}

export type AccountsStep = {
  readonly kind: 'accounts'
  readonly users: readonly string[]
  readonly groups: readonly string[]
  readonly commands: readonly Command[]
}

export type DirectoriesStep = {
  readonly kind: 'directories'
  readonly directories: readonly { readonly wanted: WantedDirectory; readonly found: Found }[]
  /** Null where we make them ourselves. */
  readonly command: Command | null
}

export type CertificateStep = { readonly kind: 'certificate'; readonly wanted: WantedCertificate; readonly why: string }

export type CommandStep = {
  readonly kind: 'command'
  readonly title: string
  readonly command: Command
  /** What takes it back: `early` before files are put back, `late` when they are. */
  readonly early: readonly Command[]
  readonly late: readonly Command[]
}

/** The sockets of a site become others, under load, and nobody is refused meanwhile. */
export type SocketsStep = {
  readonly kind: 'sockets'
  readonly title: string
  /** What is told first, then what is told while connections wait with us, then what is told once they are served. */
  readonly before: readonly Command[]
  readonly held: readonly Command[]
  readonly after: readonly Command[]
  /** Paths of the sockets whose connections are to wait, and of those that serve them then. */
  readonly from: readonly string[]
  readonly to: readonly string[]
  /** Sockets that systemd forgets without removing them. */
  readonly stale: readonly string[]
  readonly late: readonly Command[]
}

/** Users and groups that we made are given up; their files must be gone by then. */
export type DismissStep = {
  readonly kind: 'dismiss'
  /** Directories of theirs: while one of them is there, they stay. */
  readonly homes: readonly string[]
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** One thing that a deployment does. */
export type Step =
  | PutStep
  | RemoveStep
  | AccountsStep
  | DirectoriesStep
  | CertificateStep
  | CommandStep
  | SocketsStep
  | DismissStep

/** Something on the host that is not as we left it, and that a deployment would lose. */
export type Conflict = {
  readonly path: string
  readonly words: string
  /** The operator may have it written over; otherwise something has to go first. */
  readonly yields: boolean
  /** What was installed there, what stands there and what would be put there: texts where they may be shown. */
  readonly installed: string | null
  readonly found: string | null
  readonly wanted: string | null
}

export type Plan = {
  readonly site: string
  readonly kind: 'deploy' | 'rollback' | 'uninstall' | 'release'
  readonly steps: readonly Step[]
  readonly conflicts: readonly Conflict[]
  readonly notes: readonly string[]
  /** What is run once the site is served, and why; it is no part of the change, and nothing takes it back. */
  readonly afterwards: readonly { readonly command: Command; readonly words: string }[]
}

/** The programs a step runs, in their order. */
export function commandsOf(step: Step): readonly Command[] {
  if (step.kind === 'command') return [step.command]
  if (step.kind === 'sockets') return [...step.before, ...step.held, ...step.after]
  if (step.kind === 'accounts') return step.commands
  return step.kind === 'directories' && step.command !== null ? [step.command] : []
}

/** The paths a step may change. */
export function touchedBy(step: Step): readonly string[] {
  if (step.kind === 'put') return [step.wanted.path]
  if (step.kind === 'remove') return [step.path]
  if (step.kind === 'directories') return step.directories.map(({ wanted }) => wanted.path)
  return step.kind === 'certificate' ? [step.wanted.certificate, step.wanted.key] : []
}
