import { randomBytes } from 'node:crypto'
import type { SiteAnswers } from '../settings/site-table.ts'
import { type Child, describeEnd } from './child.ts'
import { type Cleanup, createCleanup } from './cleanup.ts'
import { postGuard } from './guard.ts'
import { type Nginx, startNginx, testNginx } from './nginx-process.ts'
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
 * then everything that was begun is already undone. nginx refusing the site is not such a failure: it is a finding.
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
    ...{ nginx: machine.nginx, ipv6: await hasIpv6() },
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
  const nginx = nginxOf(order, staged)
  const syntax = nginx === null ? null : await testNginx(nginx, signal)
  signal.throwIfAborted()
  if (nginx !== null && syntax?.ok) await startNginx(nginx, doorPort(answers, order.ports), { onStart, signal })
  const target = rehearsalTarget({ order, answers, staged, probePath, children, nginx })
  return {
    url: target.url,
    scratch,
    parts: target.parts,
    target: target.checked,
    server,
    nginxRefuses: syntax?.ok === false ? syntax.words : null,
    death: Promise.race(children.map(async (child) => ({ child, end: await child.ended }))),
    end: cleanup.run,
  }
}

type Staging = { readonly answers: SiteAnswers; readonly staged: Staged; readonly probePath: string }

/** The command of the service's unit. Without nginx it serves TLS itself, at the same address. */
function serverOrder(order: RehearsalOrder, { answers, staged, probePath }: Staging) {
  const { machine, ports } = order
  const tls = answers.tls === 'off' ? [] : ['--certfile', answers.certificate, '--keyfile', answers.certificateKey]
  const alone = machine.nginx === null ? ['--bind', `127.0.0.1:${doorPort(answers, ports)}`, ...tls] : []
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

function nginxOf({ machine }: RehearsalOrder, staged: Staged): Nginx | null {
  if (machine.nginx === null) return null
  const environment = serviceEnvironment({ own: machine.environment, given: {} })
  return { ...machine.nginx, prefix: staged.nginxPrefix, configuration: staged.nginxConfiguration, environment }
}

/** How a process ended that should not have, for people. */
export function describeDeath({ child, end }: Awaited<Rehearsal['death']>): string {
  return `${child.name} (pid ${child.pid}) ${describeEnd(end)} by itself`
}
