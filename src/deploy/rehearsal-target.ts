import { serverTimes } from '../bundle/server-config.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { Child } from './child.ts'
import { type Endpoint, urlOf } from './client.ts'
import { type Nginx, testNginx } from './nginx-process.ts'
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
  /** The nginx of the stack, running or refused; null without one. */
  readonly nginx: Nginx | null
}

/** What is known of a stack that came up, for the checks and for people. */
export function rehearsalTarget(running: Running): {
  readonly url: string
  readonly parts: readonly Part[]
  readonly checked: CheckTarget
} {
  const { order, answers, nginx } = running
  const encrypted = answers.tls !== 'off'
  const door: Endpoint = { host: '127.0.0.1', port: doorPort(answers, order.ports), encrypted, name: localName }
  const plain: Endpoint = { ...door, port: order.ports.http, encrypted: false }
  return {
    url: urlOf(door, '/'),
    parts: running.children.map((child) => partOf(child, running)),
    checked: {
      front: nginx === null ? 'tsicorn' : 'nginx',
      withoutNginx: nginx === null ? 'nginx is not installed here' : '',
      https: encrypted ? door : null,
      http: encrypted ? (nginx === null ? null : plain) : door,
      keyPath: answers.certificateKey,
      names: answers.domain,
      workers: answers.workers,
      staticFolders: answers.static,
      maxBody: answers.maxBody,
      logDirectory: answers.nginxLogDirectory,
      testNginx: nginx === null ? null : () => testNginx(nginx),
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
    stop: () => stopCleanly({ children, runtimeDirectory, nginxPrefix: staged.nginxPrefix, gracefulTimeout }),
  }
}

function partOf(child: Child, { order, answers, nginx }: Running): Part {
  const { name, pid } = child
  const door = `127.0.0.1:${doorPort(answers, order.ports)}`
  const ports = answers.tls === 'off' || nginx === null ? door : `${door}, 127.0.0.1:${order.ports.http}`
  if (name === 'nginx') return { name: `nginx ${nginx?.version ?? ''}`.trim(), pid, serves: ports }
  const { workers, runtimeDirectory } = answers
  const sockets = nginx === null ? ports : `unix:${runtimeDirectory}/1.sock${workers > 1 ? ` … ${workers}.sock` : ''}`
  return { name: `tsicorn, ${workers} ${workers === 1 ? 'worker' : 'workers'}`, pid, serves: sockets }
}
