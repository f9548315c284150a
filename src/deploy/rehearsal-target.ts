import { serverTimes } from '../bundle/server-config.ts'
import { proxies } from '../settings/proxies.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { Child } from './child.ts'
import { type Endpoint, urlOf } from './client.ts'
import { type Front, frontTitle, testFront } from './front-process.ts'
import type { Part, RehearsalOrder } from './rehearsal.ts'
import { doorPort, localName } from './rehearsal-answers.ts'
import type { Staged } from './stage-site.ts'
import { stopCleanly } from './stop-stack.ts'
import type { CheckTarget } from './target.ts'

type Running = {
  readonly order: RehearsalOrder
  readonly answers: SiteAnswers
  readonly staged: Staged
  readonly probePath: string
  readonly children: readonly Child[]
  /** The proxy of the stack, running or refused; null without one. */
  readonly front: Front | null
}

/** What is known of a stack that came up, for the checks and for people. */
export function rehearsalTarget(running: Running): {
  readonly url: string
  readonly parts: readonly Part[]
  readonly checked: CheckTarget
} {
  const { order, answers, front } = running
  const encrypted = answers.tls !== 'off'
  const door: Endpoint = { host: '127.0.0.1', port: doorPort(answers, order.ports), encrypted, name: localName }
  const plain: Endpoint = { ...door, port: order.ports.http, encrypted: false }
  return {
    url: urlOf(door, '/'),
    parts: running.children.map((child) => partOf(child, running)),
    checked: {
      front: front === null ? 'tsicorn' : front.name,
      withoutProxy: front === null ? `${proxies[answers.proxy].program} is not installed here` : '',
      https: encrypted ? door : null,
      http: encrypted ? (front === null ? null : plain) : door,
      keyPath: answers.certificateKey,
      names: answers.domain,
      workers: answers.workers,
      staticFolders: answers.static,
      maxBody: answers.maxBody,
      logDirectory: answers.nginxLogDirectory,
      testProxy: front === null ? null : () => testFront(front),
      probePath: running.probePath,
      // A rehearsal has rendered them a moment ago.
      renderAgain: null,
      host: null,
      ...serverActions(running),
    },
  }
}

function serverActions({ answers, staged, children }: Running): Pick<CheckTarget, 'master' | 'reload' | 'stop'> {
  const [server] = children
  if (server === undefined) throw new Error('no server was started')
  const { runtimeDirectory } = answers
  const { gracefulTimeout } = serverTimes
  return {
    master: { pid: server.pid, lastLines: server.output.lastLines },
    reload: () => server.signal('SIGHUP'),
    stop: () =>
      stopCleanly({
        children,
        runtimeDirectory,
        frontPrefix: staged.frontPrefix,
        proxy: answers.proxy,
        gracefulTimeout,
      }),
  }
}

function partOf(child: Child, { order, answers, front }: Running): Part {
  const { name, pid } = child
  const door = `127.0.0.1:${doorPort(answers, order.ports)}`
  const ports = answers.tls === 'off' || front === null ? door : `${door}, 127.0.0.1:${order.ports.http}`
  if (front !== null && name === front.name) return { name: frontTitle(front), pid, serves: ports }
  const { workers, runtimeDirectory } = answers
  const sockets = front === null ? ports : `unix:${runtimeDirectory}/1.sock${workers > 1 ? ` … ${workers}.sock` : ''}`
  return { name: `tsicorn, ${workers} ${workers === 1 ? 'worker' : 'workers'}`, pid, serves: sockets }
}
