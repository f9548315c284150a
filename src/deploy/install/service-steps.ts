import { serverTable } from '../../settings/server-table.ts'
import { type Host, nginxUnit, unitOf } from './host.ts'
import { removal, socketsStep } from './socket-steps.ts'
import type { Command, CommandStep, SocketsStep } from './step.ts'

const ctl = (...words: readonly string[]): Command => ['systemctl', ...words]

/** What has changed among the files of a site, and is to be brought into effect. */
export type Changes = {
  readonly name: string
  /** The paths of its sockets. */
  readonly sockets: readonly string[]
  readonly unitFiles: boolean
  readonly service: boolean
  /** The unit of the sockets before and after; null where it did not change. */
  readonly socket: { readonly before: string; readonly after: string } | null
  /** The server's configuration before and after; null where it did not change. */
  readonly config: { readonly before: string; readonly after: string } | null
  /** The application's code was switched. */
  readonly release: boolean
  readonly nginx: boolean
}

/** What systemd and nginx are told, and no more than the changes need: an unchanged service is left running. */
export function serviceSteps(changes: Changes, host: Host): readonly (CommandStep | SocketsStep)[] {
  const { name } = changes
  const units = [`${name}.socket`, `${name}.service`] as const
  const [socket, service] = [unitOf(host, units[0]), unitOf(host, units[1])]
  const isStale = changes.unitFiles || socket.stale || service.stale
  const off = units.filter((unit) => !unitOf(host, unit).enabled)
  const { socket: text } = changes
  const renewed = text === null || socket.active !== 'active' ? null : socketsStep({ ...changes, socket: text }, host)
  return [
    ...(isStale && renewed === null
      ? [step('systemd reads the units', ctl('daemon-reload'), { late: [ctl('daemon-reload')] })]
      : []),
    ...(off.length > 0
      ? [step('start at every boot', ctl('enable', ...off), { early: [ctl('disable', ...off)] })]
      : []),
    ...(renewed === null ? running({ changes, units, socket: socket.active, service: service.active }) : [renewed]),
    ...nginxSteps({ nginx: changes.nginx && renewed === null }, host),
  ]
}

/** nginx reads its whole configuration as a test, then for good. */
function nginxSteps(changes: Pick<Changes, 'nginx'>, host: Host): readonly CommandStep[] {
  const { active } = unitOf(host, nginxUnit)
  const reload = ctl('reload', nginxUnit)
  const test = step('nginx tests its whole configuration', ['nginx', '-t', '-q'])
  if (active !== 'active')
    return [test, step('start nginx', ctl('start', nginxUnit), { early: [ctl('stop', nginxUnit)] })]
  return changes.nginx ? [test, step('nginx takes the site', reload, { late: [reload] })] : []
}

/** The other way round: nginx lets go of the site, then its units end. */
export function farewellSteps(
  { name, sockets }: Pick<Changes, 'name' | 'sockets'>,
  host: Host,
): readonly CommandStep[] {
  const units = [`${name}.socket`, `${name}.service`]
  const enabled = units.filter((unit) => unitOf(host, unit).enabled)
  const active = units.filter((unit) => unitOf(host, unit).active === 'active')
  const reload = ctl('reload', nginxUnit)
  const nginx = unitOf(host, nginxUnit).active === 'active'
  return [
    ...(nginx ? [step('nginx tests its whole configuration', ['nginx', '-t', '-q'])] : []),
    ...(nginx ? [step('nginx lets go of the site', reload, { late: [reload] })] : []),
    ...(active.length > 0
      ? [step('stop', ctl('stop', ...active), { late: [ctl('daemon-reload'), ctl('start', ...active)] })]
      : []),
    ...removal(sockets).map((command) => step('remove the sockets', command)),
    ...(enabled.length > 0
      ? [
          step('start no more at boot', ctl('disable', ...enabled), {
            late: [ctl('daemon-reload'), ctl('enable', ...enabled)],
          }),
        ]
      : []),
  ]
}

/** systemd forgets units whose files are gone. */
export const forgetUnits = step('systemd reads the units', ctl('daemon-reload'), { late: [ctl('daemon-reload')] })

type Running = {
  readonly changes: Changes
  readonly units: readonly [string, string]
  readonly socket: string
  readonly service: string
}

function running({ changes, units, socket, service }: Running): readonly CommandStep[] {
  const [socketUnit, unit] = units
  if (service !== 'active' || socket !== 'active') {
    const failed = service === 'failed' || socket === 'failed'
    const stopped = [...(service === 'active' ? [] : [unit]), ...(socket === 'active' ? [] : [socketUnit])]
    return [
      ...(failed ? [step('forget earlier failures', ctl('reset-failed', ...units))] : []),
      step('start', ctl('start', ...units), {
        early: [ctl('stop', ...stopped), ...removal(socket === 'active' ? [] : changes.sockets)],
      }),
    ]
  }
  const command = changes.service || needsRestart(changes.config) ? ctl('restart', unit) : ctl('reload', unit)
  const isNeeded = changes.service || changes.config !== null || changes.release
  const title = command[1] === 'restart' ? 'restart the service' : 'replace the workers one by one'
  return isNeeded ? [step(title, command, { late: [command] })] : []
}

/** Whether a change of the server's configuration takes more than a reload. What is no JSON is not judged. */
export function needsRestart(config: Changes['config']): boolean {
  if (config === null) return false
  const [before, after] = [parse(config.before), parse(config.after)]
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])]
  const rows: Readonly<Record<string, { readonly takesEffect: string }>> = serverTable
  return names
    .filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
    .some((name) => rows[name]?.takesEffect === 'restart')
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function step(
  title: string,
  command: Command,
  { early = [], late = [] }: { readonly early?: readonly Command[]; readonly late?: readonly Command[] } = {},
): CommandStep {
  return { kind: 'command', title, command, early, late }
}
