import type { Disk } from './disk.ts'
import type { Journal, Undo } from './journal.ts'
import { commandLine, type Run } from './run-command.ts'
import type { Command } from './step.ts'
import type { Store } from './store.ts'
import { absent, type Found } from './wanted.ts'

export type Restoration = {
  /** What was put back or told, a line each. */
  readonly done: readonly string[]
  /** What could not be put back or told, and what was left because somebody has changed it since. */
  readonly problems: readonly string[]
  /** Whether every file is as it was; if not, the journal stays for the next try. */
  readonly whole: boolean
}

type Findings = { readonly done: string[]; readonly problems: string[]; readonly failed: string[] }

/** What restoring works with. */
export type Tools = { readonly disk: Disk; readonly store: Store; readonly run: Run }

/** Whether a change had been made for good when it was cut off. */
export function isCommitted(journal: Journal, store: Pick<Store, 'state'>): boolean {
  const state = store.state()
  return journal.kind === 'uninstall' ? state === null : state?.change === journal.change
}

/**
 * Takes back the steps of a journal that were begun: services that would miss their files first, then the files, then the
 * services that go on, then accounts. It may be cut off and done again. The journal is closed when nothing is left to do.
 */
export async function restore(journal: Journal, tools: Tools): Promise<Restoration> {
  const { store, run, disk } = tools
  const begun = journal.undo.slice(0, store.begun())
  const last = [...begun].reverse()
  const findings: Findings = { done: [], problems: [], failed: [] }
  const tell = async (command: Command) => {
    const { ok, stderr } = await run(command)
    if (ok) findings.done.push(commandLine(command))
    // A second try meets units that the first one has taken away.
    else if (!/not loaded|does not exist|not found/.test(stderr))
      findings.problems.push(`${commandLine(command)}: ${lastLine(stderr)}`)
  }
  for (const { early } of last) for (const command of early) await tell(command)
  for (const undo of last) restorePaths({ undo, journal, disk, findings })
  for (const command of inOrder(last.flatMap(({ late }) => late))) await tell(command)
  const isLeft = journal.homes.some((path) => disk.look(path).kind !== 'absent')
  const users = isLeft ? [] : begun.flatMap((undo) => undo.users)
  const groups = isLeft ? [] : begun.flatMap((undo) => undo.groups)
  const gone = await dismissAccounts(users, groups, run)
  const whole = findings.failed.length === 0
  if (whole) finish(journal, tools)
  return {
    done: [...findings.done, ...gone.done],
    problems: [...findings.failed, ...findings.problems, ...gone.problems],
    whole,
  }
}

/** Ends a change that was made for good: accounts that nothing belongs to any more go with it. */
export async function conclude(journal: Journal, tools: Tools): Promise<void> {
  const { dismiss } = journal
  const isLeft = dismiss?.homes.some((path) => tools.disk.look(path).kind !== 'absent') ?? true
  if (dismiss !== null && !isLeft) await dismissAccounts(dismiss.users, dismiss.groups, tools.run)
  finish(journal, tools)
}

/** Forgets a change that is over, one way or the other. */
export function finish(journal: Journal, { disk, store }: Tools): void {
  const paths = journal.undo.flatMap((undo) => undo.paths)
  for (const { path } of paths) disk.release(path, journal.change)
  // Directories that could not go while what was in them was retained.
  const isGoing = isCommitted(journal, store)
  const going = paths.filter(({ before, after }) => before.kind === 'directory' && after?.kind === 'absent')
  if (isGoing) for (const { path } of going) disk.put(path, absent, journal.change)
  store.close()
}

type Restoring = {
  readonly undo: Undo
  readonly journal: Journal
  readonly disk: Disk
  readonly findings: Findings
}

function restorePaths({ undo, journal, disk, findings }: Restoring): void {
  for (const { path, before, after } of [...undo.paths].reverse()) {
    try {
      const now = disk.look(path)
      if (isSame(now, before)) {
        // A draft that was never put in place would keep its directory from going.
        disk.release(path, journal.change)
        continue
      }
      if (after !== null && isOthers(now, before, after)) {
        findings.problems.push(`${path} was changed by somebody else since, and is left as it is`)
        continue
      }
      disk.put(path, before, journal.change)
      disk.release(path, journal.change)
      findings.done.push(path)
    } catch (error) {
      findings.failed.push(`${path}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
}

function isSame(now: Found, before: Found): boolean {
  return JSON.stringify(now) === JSON.stringify(before)
}

function isOthers(now: Found, before: Found, after: Found): boolean {
  if (now.kind !== 'file') return false
  return ![before, after].some((one) => one.kind === 'file' && one.base64 === now.base64)
}

/** Removes accounts that we made; one that is gone already is no problem. */
export async function dismissAccounts(
  users: readonly string[],
  groups: readonly string[],
  run: Run,
): Promise<Omit<Restoration, 'whole'>> {
  const done: string[] = []
  const problems: string[] = []
  const remove = async (kind: 'passwd' | 'group', name: string, command: Command) => {
    if (!(await run(['getent', kind, name])).ok) return
    const { ok, stderr } = await run(command)
    if (ok) done.push(commandLine(command))
    else problems.push(`${commandLine(command)}: ${lastLine(stderr)}`)
  }
  for (const user of users) await remove('passwd', user, ['userdel', user])
  for (const group of groups) await remove('group', group, ['groupdel', group])
  return { done, problems }
}

// systemd reads the units first, and then each once; what came last is taken back first.
function inOrder(commands: readonly Command[]): readonly Command[] {
  const once = [...new Map(commands.map((command) => [command.join('\0'), command])).values()]
  const isReading = (command: Command) => command[1] === 'daemon-reload'
  return [...once.filter(isReading), ...once.filter((command) => !isReading(command))]
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
