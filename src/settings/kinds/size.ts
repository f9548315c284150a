import { read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'

type Range = { readonly min: number; readonly max: number }

const unitBytes = { '': 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 } as const

/** A number of bytes: `65536`, `64k`, `1m`, `2g`. A k is 1024, as in nginx. The range is in bytes. */
export function size(range: Range): Kind<number, number | string> {
  const parse: Kind<number>['parse'] = (text) => {
    const found = /^(\d{1,15})([kmg]?)$/i.exec(text)
    if (found === null) return refuse()
    return within(Number(found[1]) * unitBytes[(found[2] ?? '').toLowerCase() as keyof typeof unitBytes], range)
  }
  return {
    placeholder: 'SIZE',
    expects: `bytes, or a size with a unit such as 64k or 1m, from ${format(range.min)} to ${format(range.max)}`,
    repeatable: false,
    parse,
    accept: (value) => {
      if (typeof value === 'string') return parse(value)
      return typeof value === 'number' && Number.isInteger(value) ? within(value, range) : refuse()
    },
    format,
  }
}

function within(bytes: number, range: Range): Reading<number> {
  return bytes >= range.min && bytes <= range.max ? read(bytes) : refuse()
}

function format(bytes: number): string {
  for (const unit of ['g', 'm', 'k'] as const) {
    if (bytes >= unitBytes[unit] && bytes % unitBytes[unit] === 0) return `${bytes / unitBytes[unit]}${unit}`
  }
  return String(bytes)
}
