import { serverTable } from '../settings/server-table.ts'
import type { SiteAnswers } from '../settings/site-table.ts'
import { placesOf, socketPattern } from './places.ts'

/** What the server of a site is told, in milliseconds. The files around it are computed from the same values. */
export const serverTimes = {
  timeout: serverTable.timeout.default,
  gracefulTimeout: serverTable.gracefulTimeout.default,
  bootTimeout: serverTable.bootTimeout.default,
  keepAlive: serverTable.keepAlive.default,
  headerTimeout: serverTable.headerTimeout.default,
  drainIdle: serverTable.drainIdle.default,
} as const

/** A span of time as nginx, systemd and the server all read it: `30s`, `2500ms`. */
export function span(milliseconds: number): string {
  return serverTable.timeout.kind.format(milliseconds)
}

/** The server's config file. Times are written even where they are the default: nginx and systemd count on them. */
export function serverConfig(answers: SiteAnswers): string {
  const times = Object.entries(serverTimes).map(([name, value]) => [name, span(value)])
  const places = placesOf(answers)
  const config = {
    app: answers.app,
    chdir: answers.workingDirectory,
    // Read by the server and not by systemd: a reload brings changes into effect, and PORT in it means the application.
    // Docker gives the environment itself.
    ...(answers.supervisor !== 'docker' && { envFile: places.envFile }),
    name: answers.name,
    bind: [`unix:${socketPattern(answers)}`],
    controlSocket: places.controlSocket,
    backlog: serverTable.backlog.default,
    workers: answers.workers,
    ...Object.fromEntries(times),
    // nginx comes through the sockets, and peers there are believed anyway.
    forwardedAllowIps: [],
    // nginx counts what a body without a length holds; the others look at the announced length, or too late.
    ...(answers.proxy !== 'nginx' && { limitRequestBody: answers.maxBody }),
    ...(answers.healthPath !== null && { healthPath: answers.healthPath }),
    ...(answers.statusPath !== null && { statusPath: answers.statusPath }),
    ...(answers.drainDelay > 0 && { drainDelay: span(answers.drainDelay) }),
    ...(answers.logs === 'files' && { errorLogfile: places.serverLog }),
  }
  return `${JSON.stringify(config, null, 2)}\n`
}
