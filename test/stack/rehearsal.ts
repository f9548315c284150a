import assert from 'node:assert/strict'
import { join } from 'node:path'
import type { BundleFile } from '../../src/bundle/render.ts'
import { lookAround } from '../../src/cli/rehearse/look-around.ts'
import type { CheckReport } from '../../src/contract/check-report.ts'
import { liveChecks, stopCheck } from '../../src/deploy/checks/table.ts'
import { anyFreePort } from '../../src/deploy/ports.ts'
import type { Machine, Rehearsal, RehearsalOrder } from '../../src/deploy/rehearsal.ts'
import type { Ports } from '../../src/deploy/rehearsal-answers.ts'
import { startRehearsal } from '../../src/deploy/rehearse.ts'
import { runChecks, summarize } from '../../src/deploy/run-checks.ts'
import type { ProxyName } from '../../src/settings/proxies.ts'
import { completeAnswers, type SiteAnswers } from '../../src/settings/site-table.ts'
import { repository } from '../helpers/repository.ts'

export const guestbook = join(repository, 'test', 'apps', 'guestbook')

export const checkIds = [...liveChecks, stopCheck].map(({ id }) => id)

/** The guestbook's site, with what is given instead. */
export function guestbookSite(given: Partial<SiteAnswers> = {}): SiteAnswers {
  return completeAnswers({
    name: 'guestbook',
    domain: ['guestbook.example'],
    app: './app.js',
    workingDirectory: guestbook,
    healthPath: '/healthz',
    static: [{ prefix: '/static/', directory: join(guestbook, 'static') }],
    maxBody: 100_000,
    ...given,
  })
}

/** Makes a change in the file whose path ends so, and insists that it is one. */
export function alterFile(ending: string, change: (content: string) => string): Alteration {
  return (files) => {
    const found = files.find((file) => file.path.endsWith(ending))
    assert.ok(found, `there is a file ${ending}`)
    const content = change(found.content)
    assert.notEqual(content, found.content, `the change of ${ending} changes it`)
    return files.map((file) => (file === found ? { ...file, content } : file))
  }
}

export type Alteration = (files: readonly BundleFile[]) => readonly BundleFile[]

export type Given = {
  readonly site?: Partial<SiteAnswers>
  readonly workingDirectory?: string
  readonly alter?: Alteration
}

/** Brings the guestbook up on ports of its own; leaving scope ends it. */
export async function rehearse(given: Given = {}): Promise<Rehearsal & AsyncDisposable> {
  const order: RehearsalOrder = {
    site: guestbookSite(given.site),
    workingDirectory: given.workingDirectory ?? guestbook,
    environmentFile: '',
    ports: await freePorts(),
    machine: await thisMachine(given.site?.proxy ?? 'nginx'),
    keepScratch: null,
    alter: given.alter ?? ((files) => files),
  }
  const rehearsal = await startRehearsal(order, new AbortController().signal)
  return { ...rehearsal, [Symbol.asyncDispose]: rehearsal.end }
}

/** Two ports that nobody listens on. */
export async function freePorts(): Promise<Ports> {
  const http = await anyFreePort()
  const https = await anyFreePort()
  return http === https ? freePorts() : { http, https }
}

/** Runs every check, the one that stops the stack last. */
export async function checkAll(rehearsal: Rehearsal): Promise<CheckReport> {
  const live = await runChecks(liveChecks, rehearsal.target)
  const last = await runChecks([stopCheck], rehearsal.target)
  return summarize([...live.checks, ...last.checks])
}

/** What a report says, short enough to compare: the ids that did not pass, with their status. */
export function notPassed(report: CheckReport): Readonly<Record<string, string>> {
  return Object.fromEntries(
    report.checks.filter(({ status }) => status !== 'pass').map(({ id, status }) => [id, status]),
  )
}

async function thisMachine(proxy: ProxyName): Promise<Machine> {
  const machine = await lookAround({ env: process.env }, proxy)
  assert.ok(machine.front, `${proxy} is installed where the stack is tested`)
  return machine
}
