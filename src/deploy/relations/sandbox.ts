import type { UnitFacts } from '../inspect/unit-facts.ts'
import { type Relation, unless } from './relation.ts'

const group = 'Sandbox'

const yes = (...keys: readonly string[]): Readonly<Record<string, RegExp>> =>
  Object.fromEntries(keys.map((key) => [key, /^yes$/]))

/** Each line of the sandbox on its own: which values do, and what it keeps out. */
const walls: readonly {
  readonly key: string
  readonly title: string
  readonly why: string
  readonly wanted: Readonly<Record<string, RegExp>>
}[] = [
  {
    key: 'no-new-privileges',
    title: 'No program the service starts gets more rights than it has',
    why: 'A setuid program such as sudo would be a way to root.',
    wanted: { ...yes('NoNewPrivileges', 'RestrictSUIDSGID'), CapabilityBoundingSet: /^$/, AmbientCapabilities: /^$/ },
  },
  {
    key: 'read-only-system',
    title: 'The service sees the system read-only, and no home directories',
    why: 'Who gets into the application could change programs that root runs, and read keys of people.',
    wanted: { ProtectSystem: /^strict$/, ProtectHome: /^(yes|read-only|tmpfs)$/ },
  },
  {
    key: 'private-places',
    title: 'The service has devices, mounts and users of its own',
    why: 'Disks and the accounts of others would be within reach.',
    wanted: yes('PrivateDevices', 'PrivateMounts', 'PrivateUsers'),
  },
  {
    key: 'kernel',
    title: 'The service cannot change the kernel, the clock, the host name or cgroups',
    why: 'One compromised service would be able to change the host for all.',
    wanted: yes(
      ...['ProtectHostname', 'ProtectClock', 'ProtectKernelLogs', 'ProtectKernelModules'],
      ...['ProtectKernelTunables', 'ProtectControlGroups'],
    ),
  },
  {
    key: 'other-processes',
    title: 'The service does not see the processes of others',
    why: 'Command lines and environments hold secrets.',
    wanted: { ProtectProc: /^(invisible|noaccess|ptraceable)$/ },
  },
  {
    key: 'system-calls',
    title: 'The service may use ordinary system calls and sockets only',
    why: 'Most holes in the kernel are in calls that no web application needs.',
    wanted: {
      SystemCallArchitectures: /^native$/,
      // Without any filter `systemctl show` says `~`: everything but nothing.
      SystemCallFilter: /\w/,
      RestrictAddressFamilies: /AF_UNIX/,
      ...yes('RestrictNamespaces', 'RestrictRealtime', 'LockPersonality', 'RemoveIPC'),
    },
  },
]

export const sandbox: readonly Relation[] = [
  ...walls.map(
    ({ key, title, why, wanted }): Relation => ({
      ...{ key, group, title, why, reads: ['units'] },
      judge: ({ service }) => unless(missing(service, wanted), Object.keys(wanted).join(' ')),
    }),
  ),
  {
    ...{ key: 'code-memory', group, reads: ['units'] },
    title: 'The service may run the code that V8 makes',
    why: 'MemoryDenyWriteExecute kills Node.js, at the start or in the middle of a busy day.',
    judge: ({ service }) => ({
      expected: 'MemoryDenyWriteExecute=no',
      found: `MemoryDenyWriteExecute=${service.one('MemoryDenyWriteExecute') ?? 'no'}`,
      ok: !/^(yes|true|on|1)$/.test(service.one('MemoryDenyWriteExecute') ?? ''),
    }),
  },
]

function missing(unit: UnitFacts, wanted: Readonly<Record<string, RegExp>>): readonly string[] {
  return Object.entries(wanted).flatMap(([key, right]) => {
    const value = unit.all(key).join(' ')
    // A list that is not given at all is not an empty one, except to systemctl, which shows what is in force.
    const given = unit.one(key)
    return given !== null && right.test(value) ? [] : [`${key}=${given === null ? ' is not given' : value}`]
  })
}
