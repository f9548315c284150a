import { holdingFolder } from './hold-connections.ts'
import { type Host, nginxUnit, unitOf } from './host.ts'
import type { Command, SocketsStep } from './step.ts'

/** The unit of a site's sockets changes while it listens. */
export type SocketChange = {
  readonly name: string
  readonly socket: { readonly before: string; readonly after: string }
}

/**
 * How the sockets of a site become others. systemd starts a socket unit only while its service is stopped, and drops what
 * waits in the old sockets. But when sockets only go, it lets go of them as it reads the units and keeps the others: nginx
 * forgets them first, and a restart of the service is all. Otherwise connections wait with us until the service is back,
 * and nginx learns of new sockets last.
 */
export function socketsStep({ name, socket }: SocketChange, host: Host): SocketsStep {
  const [units, unit] = [`${name}.socket`, `${name}.service`]
  const [from, to] = [listensOf(socket.before), listensOf(socket.after)]
  const stale = from.filter((path) => !to.includes(path))
  const nginx = unitOf(host, nginxUnit).active === 'active' ? [['nginx', '-t', '-q'], reloadNginx] : []
  const [read, stop, start] = [ctl('daemon-reload'), ctl('stop', unit), ctl('start', unit)]
  const renew = ctl('restart', units)
  const coming = to.filter((path) => !from.includes(path))
  const folder = holdingFolder(from)
  const late = [
    ...[read, stop, renew, start],
    ...removal(coming),
    ...(folder === null ? [] : [['rm', '-rf', '--', folder]]),
    ...(nginx.length > 0 ? [reloadNginx] : []),
  ]
  const isActive = unitOf(host, unit).active === 'active'
  const common = { kind: 'sockets', stale, late } as const
  if (isActive && stale.length > 0 && isShorter(socket)) {
    const before = [...nginx, read, ctl('restart', unit)]
    return { ...common, title: 'fewer sockets', before, held: [], after: [], from: [], to: [] }
  }
  const rest = { title: 'new sockets; connections wait meanwhile', before: [read], held: [stop, renew, start], to }
  return { ...common, ...rest, after: nginx, from: isActive ? from : [] }
}

/** What removes sockets: systemd leaves them when it stops listening. */
export function removal(paths: readonly string[]): readonly Command[] {
  return paths.length === 0 ? [] : [['rm', '-f', '--', ...paths]]
}

const reloadNginx: Command = ['systemctl', 'reload', nginxUnit]

function ctl(...words: readonly string[]): Command {
  return ['systemctl', ...words]
}

const listening = /^ListenStream=(\/.*)$/

function listensOf(unit: string): readonly string[] {
  return unit.split('\n').flatMap((line) => listening.exec(line)?.[1] ?? [])
}

/** Whether nothing was changed but that sockets were left out. */
function isShorter({ before, after }: SocketChange['socket']): boolean {
  const lines = (unit: string) => unit.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  const [then, now] = [lines(before), lines(after)]
  const gone = then.filter((line) => !now.includes(line))
  return now.every((line) => then.includes(line)) && gone.every((line) => listening.test(line))
}
