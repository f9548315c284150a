import type { Command, DismissStep, Plan, Step } from './step.ts'
import { touchedBy } from './step.ts'
import type { Found } from './wanted.ts'

/** How a step is taken back. */
export type Undo = {
  readonly title: string
  /** What stood at each path before, and what the step put there, where that is known. */
  readonly paths: readonly { readonly path: string; readonly before: Found; readonly after: Found | null }[]
  readonly early: readonly Command[]
  readonly late: readonly Command[]
  /** Accounts that did not exist before. */
  readonly users: readonly string[]
  readonly groups: readonly string[]
}

/** Written before the first change of a host: all that is needed to take every change back. */
export type Journal = {
  readonly version: 1
  readonly change: string
  readonly site: string
  readonly kind: Plan['kind']
  readonly at: string
  /** Directories of the site's account: what the application has left in them keeps the account. */
  readonly homes: readonly string[]
  /** Accounts that go once the change is made for good: there is no way back for them. */
  readonly dismiss: DismissStep | null
  readonly undo: readonly Undo[]
}

/** Looks at the disk: what is there now, and which directories are missing above a path. */
export type Looking = {
  readonly look: (path: string) => Found
  readonly missingAbove: (path: string) => readonly string[]
}

/** Works out how each step of a plan is taken back. */
export function undoOf(steps: readonly Step[], disk: Looking): readonly Undo[] {
  const noticed = new Set<string>()
  return steps.map((step) => {
    const touched = touchedBy(step)
    // Directories that are made on the way are taken back too, by the first step that makes them.
    const made = touched.flatMap(disk.missingAbove)
    const paths = [...new Set([...made, ...touched])].filter((path) => !noticed.has(path))
    for (const path of paths) noticed.add(path)
    const isMade = (path: string) => made.includes(path) && !touched.includes(path)
    return {
      title: titleOf(step),
      paths: paths.map((path) => ({
        path,
        before: disk.look(path),
        after: isMade(path) ? null : afterOf(step, path),
      })),
      early: step.kind === 'command' ? step.early : [],
      late: step.kind === 'command' || step.kind === 'sockets' ? step.late : [],
      users: step.kind === 'accounts' ? step.users : [],
      groups: step.kind === 'accounts' ? step.groups : [],
    }
  })
}

/** What a step is called where people read of it. */
export function titleOf(step: Step): string {
  if (step.kind === 'put') return `${step.change} ${step.wanted.path}`
  if (step.kind === 'remove') return `${step.leaves.kind === 'absent' ? 'remove' : 'put back'} ${step.path}`
  if (step.kind === 'accounts') return `create ${[...new Set([...step.users, ...step.groups])].join(', ')}`
  if (step.kind === 'directories') return `directories ${step.directories.map(({ wanted }) => wanted.path).join(', ')}`
  if (step.kind === 'certificate') return `certificate ${step.wanted.certificate}`
  return step.kind === 'dismiss' ? `remove ${[...step.users, ...step.groups].join(', ')}` : step.title
}

function afterOf(step: Step, path: string): Found | null {
  if (step.kind === 'remove') return step.leaves
  if (step.kind !== 'put' || step.wanted.path !== path) return null
  if (step.wanted.kind === 'link') return { kind: 'link', target: step.wanted.target }
  // Owners are known only when accounts are made; the bytes tell enough.
  return { kind: 'file', base64: Buffer.from(step.wanted.content).toString('base64'), mode: 0, uid: 0, gid: 0 }
}
