import type { Found } from './wanted.ts'

/** How systemd has a unit: what is loaded, not what stands in its file. */
export type UnitState = {
  /** `active`, `inactive`, `failed`, … */
  readonly active: string
  readonly enabled: boolean
  /** Its file was changed since systemd read it. */
  readonly stale: boolean
}

/** What a plan has to know of a host. Read by `readHost`; written by hand in tests. */
export type Host = {
  readonly found: ReadonlyMap<string, Found>
  /** Ids of the accounts that exist, of those that were asked for. */
  readonly users: ReadonlyMap<string, number>
  readonly groups: ReadonlyMap<string, number>
  readonly units: ReadonlyMap<string, UnitState>
  /** What is wrong with the certificate at a path, in words; empty when it serves. */
  readonly certificates: ReadonlyMap<string, readonly string[]>
  /** What the site names and the host does not have: programs, directories. */
  readonly lacks: readonly string[]
  /** Whether services can be told anything: systemd runs this host, and it is no staging directory. */
  readonly serves: boolean
  /** It is a directory that becomes a host. */
  readonly staged: boolean
  /** Whether owners can be set: we are root. */
  readonly owns: boolean
}

/** The unit that nginx has on every distribution. */
export const nginxUnit = 'nginx.service'

/** What is at a path, nothing when it was not asked for. */
export function foundAt(host: Host, path: string): Found {
  return host.found.get(path) ?? { kind: 'absent' }
}

/** How a unit is; one that systemd does not know is inactive. */
export function unitOf(host: Host, unit: string): UnitState {
  return host.units.get(unit) ?? { active: 'inactive', enabled: false, stale: false }
}
