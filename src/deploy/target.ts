import type { ProxyName } from '../settings/proxies.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import type { Endpoint } from './client.ts'
import type { Systemd } from './inspect/systemd.ts'
import type { Run } from './install/run-command.ts'

/** What is checked: a running stack, and what is known of it. */
export type CheckTarget = {
  /** Who answers the public ports: a proxy, or tsicorn itself. */
  readonly front: ProxyName | 'tsicorn'
  /** Why the front is tsicorn, to follow "skipped:". Empty when it is a proxy. */
  readonly withoutProxy: string
  /** Null where the site has no TLS. */
  readonly https: Endpoint | null
  /** Null where nobody listens for plain HTTP. */
  readonly http: Endpoint | null
  /** The path of the private key the front should use, and the names it should be known by. */
  readonly keyPath: string | null
  readonly names: readonly string[]
  readonly workers: number
  /** The path below which the server answers for itself (contract/probe.ts); null where it does not. */
  readonly probePath: string | null
  readonly staticFolders: readonly { readonly prefix: string; readonly directory: string }[]
  /** The largest request body, in bytes; 0 is any. */
  readonly maxBody: number
  /** Where the front writes its access logs. */
  readonly logDirectory: string
  readonly master: { readonly pid: number; readonly lastLines: () => readonly string[] }
  /** Tests the configuration of the proxy; null where there is none. */
  readonly testProxy: (() => Promise<SyntaxTest>) | null
  /** Asks the master to reload. */
  readonly reload: () => void
  /** Stops all of it gracefully and says what was left. */
  readonly stop: () => Promise<StopFacts>
  /** A command that writes the site's files anew, where they may have been changed since; null where they cannot. */
  readonly renderAgain: string | null
  /** What a host has around an installed site; null in a rehearsal, which has neither units nor users. */
  readonly host: LiveHost | null
}

export type LiveHost = {
  readonly answers: SiteAnswers
  readonly run: Run
  /** Null where systemd does not run the host. */
  readonly systemd: Systemd | null
  readonly isRoot: boolean
}

export type SyntaxTest = { readonly ok: boolean; readonly words: string }

export type StopFacts = {
  /** How each process ended, in words. */
  readonly ends: readonly { readonly name: string; readonly words: string; readonly clean: boolean }[]
  /** Processes still running after their leader had ended. */
  readonly leftovers: readonly number[]
  /** Sockets and pid files still there. */
  readonly remains: readonly string[]
}

/** Where the site is asked: encrypted where it can be. */
export function frontDoor(target: CheckTarget): Endpoint {
  const endpoint = target.https ?? target.http
  if (endpoint === null) throw new Error('the stack has no public address')
  return endpoint
}

/** A path of the server's own answers. Checks that ask for one are exempt where there is none. */
export function probeOf({ probePath }: Pick<CheckTarget, 'probePath'>, route: string): string {
  if (probePath === null) throw new Error('the server answers nothing for itself')
  return probePath + route
}
