import { read } from '../reading.ts'
import type { Kind } from '../setting.ts'

/** A setting that may be left out. In a config file, `null` leaves it out too. */
export function optional<Value, Input>(kind: Kind<Value, Input>): Kind<Value | null, Input | null> {
  const { anchor, check, redact } = kind
  return {
    placeholder: kind.placeholder,
    expects: kind.expects,
    repeatable: kind.repeatable,
    parse: kind.parse,
    accept: (value) => (value === null ? read(null) : kind.accept(value)),
    format: (value) => (value === null ? '' : kind.format(value)),
    ...(check && { check: (value) => (value === null ? read(null) : check(value)) }),
    ...(anchor && {
      anchor: (value, directory) => (value === null ? null : anchor(value, directory)),
    }),
    ...(redact && { redact: (value) => (value === null ? '' : redact(value)) }),
  }
}
