import { randomBytes } from 'node:crypto'
import { appendFileSync } from 'node:fs'
import { placesOf } from '../bundle/places.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { type Child, describeEnd } from './child.ts'
import { type Cleanup, createCleanup } from './cleanup.ts'
import { type Front, startFront, testFront } from './front-process.ts'
import { postGuard } from './guard.ts'
import { hasIpv6 } from './ports.ts'
import type { Rehearsal, RehearsalOrder } from './rehearsal.ts'
import { doorPort, rehearsalAnswers } from './rehearsal-answers.ts'
import { rehearsalTarget } from './rehearsal-target.ts'
import { createScratch } from './scratch.ts'
import { startServer } from './server-process.ts'
import { serviceEnvironment } from './service-environment.ts'
import { type Staged, stageSite } from './stage-site.ts'
import { stopQuickly } from './stop-stack.ts'

/** What is under way while a stack comes up. */
type Attempt = {
  readonly order: RehearsalOrder
  readonly cleanup: Cleanup
  readonly signal: AbortSignal
  readonly children: Child[]
  readonly onStart: (child: Child) => void
}

/**
 * Brings a site up as one stack on this machine, below a scratch folder and without needing any rights.
 * Throws STACK_FAILED or PROGRAM_MISSING when it does not come up, and the reason of `signal` when that is aborted;
 * then everything that was begun is already undone. The proxy refusing the site is not such a failure: it is a finding.
 */
export async function startRehearsal(order: RehearsalOrder, signal: AbortSignal): Promise<Rehearsal> {
  const cleanup = createCleanup()
  try {
    const guard = postGuard()
    cleanup.add(guard.dismiss)
    const scratch = await createScratch(order.machine.temporary)
    if (order.keepScratch === null) {
      guard.watchFolder(scratch.path)
      cleanup.add(scratch.remove)
    }
    order.keepScratch?.(scratch.path)
    const children: Child[] = []
    cleanup.add(() => stopQuickly(children))
    const onStart = (child: Child) => {
      guard.watchGroup(child.pid)
      children.push(child)
    }
    return await bringUp({ order, cleanup, signal, children, onStart }, scratch.path)
  } catch (error) {
    await cleanup.run()
    throw error
  }
}

async function bringUp(attempt: Attempt, scratch: string): Promise<Rehearsal> {
  const { order, cleanup, signal, children, onStart } = attempt
  const { machine } = order
  const answers = rehearsalAnswers(order.site, {
    ...{ scratch, ports: order.ports, workingDirectory: order.workingDirectory },
    ...{ nginx: machine.front?.name === 'nginx' ? machine.front : null, ipv6: await hasIpv6() },
  })
  const { openssl, isRoot } = machine
  const staged = await stageSite({
    scratch,
    answers,
    openssl,
    isRoot,
    signal,
    environmentFile: order.environmentFile,
    alter: order.alter ?? ((files) => files),
  })
  const probePath = `/tsicorn-${randomBytes(16).toString('hex')}`
  signal.throwIfAborted()
  const server = await startServer({ order: serverOrder(order, { answers, staged, probePath }), onStart, signal })
  const front = frontOf(order, staged)
  const syntax = front === null ? null : await testFront(front, signal)
  signal.throwIfAborted()
  if (front !== null && syntax?.ok) await serveFront(front, answers, attempt)
  const target = rehearsalTarget({ order, answers, staged, probePath, children, front })
  return {
    url: target.url,
    scratch,
    parts: target.parts,
    target: target.checked,
    server,
    frontRefuses: syntax?.ok === false ? syntax.words : null,
    death: Promise.race(children.map(async (child) => ({ child, end: await child.ended }))),
    end: cleanup.run,
  }
}

async function serveFront(front: Front, answers: SiteAnswers, { order, onStart, signal }: Attempt): Promise<void> {
  const child = await startFront(front, doorPort(answers, order.ports), { onStart, signal })
  const { accessLog } = placesOf(answers)
  // HAProxy opens no files: what goes to the journal on a host is kept where the checks look for it.
  if (front.name === 'haproxy') child.output.listen((line) => appendFileSync(accessLog, `${line}\n`))
}

type Staging = { readonly answers: SiteAnswers; readonly staged: Staged; readonly probePath: string }

/** The command of the service's unit. Without a proxy it serves TLS itself, at the same address. */
function serverOrder(order: RehearsalOrder, { answers, staged, probePath }: Staging) {
  const { machine, ports } = order
  const tls = answers.tls === 'off' ? [] : ['--certfile', answers.certificate, '--keyfile', answers.certificateKey]
  const alone = machine.front === null ? ['--bind', `127.0.0.1:${doorPort(answers, ports)}`, ...tls] : []
  // What the environment file says must not lead a rehearsal to the data of the real site.
  const state = ['--env', `STATE_DIRECTORY=${answers.stateDirectory}`]
  return {
    name: 'tsicorn',
    command: machine.node,
    arguments: [machine.launcher, 'serve', '--config', staged.serverConfiguration, ...state, ...alone],
    directory: answers.workingDirectory,
    environment: serviceEnvironment({
      own: machine.environment,
      given: { STATE_DIRECTORY: answers.stateDirectory, TSICORN_PROBE_PATH: probePath },
    }),
  }
}

function frontOf({ machine }: RehearsalOrder, staged: Staged): Front | null {
  if (machine.front === null) return null
  const environment = serviceEnvironment({ own: machine.environment, given: {} })
  return {
    ...machine.front,
    prefix: staged.frontPrefix,
    configuration: staged.frontConfiguration,
    environment,
    asRoot: machine.isRoot,
  }
}

/** How a process ended that should not have, for people. */
export function describeDeath({ child, end }: Awaited<Rehearsal['death']>): string {
  return `${child.name} (pid ${child.pid}) ${describeEnd(end)} by itself`
}
