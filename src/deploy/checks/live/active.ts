import { appendFileSync, closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { placesOf } from '../../../bundle/places.ts'
import { judge } from '../../check.ts'
import { askControl } from '../../control.ts'
import { heldFile } from '../../inspect/process-facts.ts'
import { childrenOf } from '../../processes.ts'
import type { CheckTarget } from '../../target.ts'
import { until } from '../../until.ts'
import { asRoot, hostOf, idOf, installed, type LiveCheck } from './base.ts'

const group = 'On demand'
const acting = { ...installed, group, active: true, within: 30_000 } as const

const replaced: LiveCheck = {
  ...acting,
  id: 'worker.replaced',
  needs: ['control.answers'],
  title: 'A worker that ends is replaced',
  why: 'Each worker that dies would take its share of the site with it.',
  how: 'one worker told to end over the control socket, after what it has in hand; the children of the master',
  exempt: asRoot,
  run: async (target, signal) => {
    const { answers } = hostOf(target)
    const before = await childrenOf(target.master.pid)
    const [pid] = before
    if (pid === undefined) return judge('a worker', '', ['there is none'])
    const answer = await askControl(placesOf(answers).controlSocket, { command: 'kill', pid }, 20_000)
    const look = async () => {
      const now = await childrenOf(target.master.pid)
      return !now.includes(pid) && now.length === before.length ? now : null
    }
    const after = answer.ok ? await until(look, { within: 20_000, every: 50, signal }) : null
    const problems = after === null ? [answer.ok ? `worker ${pid} was not replaced` : answer.message] : []
    return judge(
      'another worker in its place',
      `${before.join(', ')} became ${after?.join(', ') ?? ''}`,
      problems,
      `systemctl restart ${answers.name}`,
    )
  },
}

const rotation: LiveCheck = {
  ...acting,
  id: 'log.reopened',
  needs: ['service.active'],
  title: 'The server reopens its log when it is told to',
  why: 'After a rotation everything would be written into a file that is compressed and thrown away.',
  how: 'the log under another name for a moment, the signal that logrotate sends, and the inode that the master holds then; all lines are kept',
  exempt: (target) =>
    asRoot(target) ?? (target.host?.answers.logs === 'journal' ? 'the server logs to the journal' : null),
  run: async (target, signal) => {
    const host = hostOf(target)
    const path = placesOf(host.answers).serverLog
    const { pid } = target.master
    const tell = () =>
      host.run([
        'systemctl',
        'kill',
        '--signal=USR1',
        killMain(host.answers.systemdVersion),
        `${host.answers.name}.service`,
      ])
    const was = statSync(path).ino
    const aside = `${path}.tsicorn-check`
    renameSync(path, aside)
    try {
      await tell()
      const found = await until(() => allHold(pid, path, (inode) => inode !== was), { within: 5000, every: 20, signal })
      return judge(
        'a new inode',
        'so',
        found === null ? ['the master still writes to the old one'] : [],
        await openingLogs(target, path),
      )
    } finally {
      await putBack(path, aside, async () => {
        await tell()
        await until(() => allHold(pid, path, (inode) => inode === was), { within: 5000, every: 20 })
      })
    }
  },
}

/** The directory of the log gets its owner and mode back with a start; one that is right is read-only for the service. */
async function openingLogs(target: CheckTarget, path: string): Promise<string | null> {
  const host = hostOf(target)
  const { name, user } = host.answers
  const isTheirs = statSync(dirname(path)).uid === (await idOf(host, 'passwd', user))
  return isTheirs ? target.renderAgain : `systemd-tmpfiles --create ${name}.conf && systemctl restart ${name}`
}

/** What is done to a running site, and only when it was asked for. */
export const activeChecks: readonly LiveCheck[] = [replaced, rotation]

/** Whether the master and every worker that has the file open hold this inode, or another one. */
async function allHold(pid: number, path: string, holds: (inode: number) => boolean): Promise<true | null> {
  const all = await Promise.all([pid, ...(await childrenOf(pid))].map((one) => heldFile(one, path)))
  const held = all.filter((one) => one !== null)
  return held.length > 0 && held.every(({ inode }) => holds(inode)) ? true : null
}

/** The old file gets its name back, with what was written to the new one at its end. */
async function putBack(path: string, aside: string, back: () => Promise<unknown>): Promise<void> {
  const between = existsSync(path) ? openSync(path, 'r') : null
  renameSync(aside, path)
  // Until everybody has heard, lines still go to the file between: they are taken along after that.
  await back()
  if (between === null) return
  appendFileSync(path, readFileSync(between))
  closeSync(between)
}

function killMain(systemd: number): string {
  return systemd >= 252 ? '--kill-whom=main' : '--kill-who=main'
}
