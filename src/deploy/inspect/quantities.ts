const unitMs: Readonly<Record<string, number>> = {
  ...{ us: 0.001, ms: 1, s: 1000, sec: 1000, m: 60_000, min: 60_000, h: 3_600_000, hr: 3_600_000 },
  ...{ d: 86_400_000, day: 86_400_000, w: 604_800_000 },
}

/** A span of time as nginx and systemd write it, in milliseconds: `3s`, `1min 40s`, `90`. Null where it is none. */
export function spanOf(text: string | null): number | null {
  if (text === null || text.trim() === '') return null
  if (text === 'infinity') return Number.POSITIVE_INFINITY
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]*)/g)]
  if (parts.map(([all]) => all).join('') !== text.replaceAll(/ (?=\d)/g, '')) return null
  const values = parts.map(([, count, unit]) => Number(count) * (unitMs[unit || 's'] ?? Number.NaN))
  const sum = values.reduce((total, value) => total + value, 0)
  return values.length > 0 && Number.isFinite(sum) ? sum : null
}

const unitBytes: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 }

/** A size as nginx and systemd write it, in bytes: `100k`, `2G`, `infinity`. Null where it is none: `80%`. */
export function sizeOf(text: string | null): number | null {
  if (text === 'infinity') return Number.POSITIVE_INFINITY
  const [, count, unit = ''] = /^(\d+)([kmgt]?)b?$/i.exec(text ?? '') ?? []
  return count === undefined ? null : Number(count) * (unitBytes[unit.toLowerCase()] ?? 1)
}

/** Milliseconds for people. */
export function told(ms: number | null): string {
  if (ms === null) return 'nothing'
  if (ms === Number.POSITIVE_INFINITY) return 'no limit'
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}
