import { read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'

type Range = { readonly min: number; readonly max: number }

const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const

/** A span of time. Written in seconds or with a unit, held in milliseconds. The range is in milliseconds. */
export function duration(range: Range): Kind<number, number | string> {
  const check = (ms: number) => within(ms, range)
  const parse: Kind<number>['parse'] = (text) => {
    const found = /^(\d{1,12}(?:\.\d{1,6})?)(ms|s|m|h)?$/.exec(text)
    if (found === null) return refuse()
    return check(Number(found[1]) * unitMs[(found[2] ?? 's') as keyof typeof unitMs])
  }
  return {
    placeholder: 'SECONDS',
    expects: `seconds, or a time with a unit such as 500ms, 30s or 2m, from ${format(range.min)} to ${format(range.max)}`,
    repeatable: false,
    parse,
    accept: (value) => {
      if (typeof value === 'string') return parse(value)
      return typeof value === 'number' && Number.isFinite(value) ? check(value * 1000) : refuse()
    },
    format,
  }
}

function within(ms: number, range: Range): Reading<number> {
  const whole = Math.round(ms)
  if (ms > 0 && whole === 0) return refuse('shorter than a millisecond')
  return whole >= range.min && whole <= range.max ? read(whole) : refuse()
}

function format(ms: number): string {
  if (ms > 0 && ms % unitMs.h === 0) return `${ms / unitMs.h}h`
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`
}
