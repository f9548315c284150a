/** What a unit says, by the names that unit files use. */
export type UnitFacts = {
  /** The value in force, or null where none is given. */
  readonly one: (key: string) => string | null
  /** Every value of a key that may be given several times. */
  readonly all: (key: string) => readonly string[]
}

/** Reads a unit file with its drop-ins after it: a later value replaces, an empty one begins a list anew (systemd.unit(5)). */
export function unitFromText(text: string): UnitFacts {
  const values = new Map<string, string[]>()
  for (const line of text.replaceAll(/\\\n/g, ' ').split('\n')) {
    const [, key = '', value = ''] = /^\s*([A-Za-z]+)\s*=\s*(.*?)\s*$/.exec(line) ?? []
    if (key === '') continue
    const known = values.get(key) ?? []
    values.set(key, value === '' ? [''] : [...known.filter(Boolean), value])
  }
  return factsOf(values)
}

// `systemctl show` has names of its own for some of them (org.freedesktop.systemd1(5)).
const renamed: Readonly<Record<string, string>> = {
  TimeoutStopUSec: 'TimeoutStopSec',
  TimeoutStartUSec: 'TimeoutStartSec',
  WatchdogUSec: 'WatchdogSec',
  RestartUSec: 'RestartSec',
  Listen: 'ListenStream',
}

/** Reads what `systemctl show` prints of one unit. */
export function unitFromShow(text: string): UnitFacts {
  const values = new Map<string, string[]>()
  for (const line of text.split('\n')) {
    const [, name = '', value = ''] = /^([A-Za-z]+)=(.*)$/.exec(line) ?? []
    if (name === '') continue
    const key = renamed[name] ?? name
    values.set(key, [...(values.get(key) ?? []), plain(key, value)])
  }
  return factsOf(values)
}

function plain(key: string, value: string): string {
  if (key === 'ListenStream') return value.replace(/ \(Stream\)$/, '')
  return key.startsWith('Exec') ? (/ argv\[\]=(.*?) ; /.exec(value)?.[1] ?? value) : value
}

function factsOf(values: ReadonlyMap<string, readonly string[]>): UnitFacts {
  return {
    one: (key) => values.get(key)?.at(-1) ?? null,
    all: (key) => (values.get(key) ?? []).filter(Boolean),
  }
}
