import type { Kind } from '../setting.ts'
import { text } from './text.ts'

/** A user or group of the system, by name or number. Whether it exists is found out at start. */
export function account(what: 'user' | 'group'): Kind<string> {
  return text({
    placeholder: what.toUpperCase(),
    expects: `a ${what} name or number`,
    problem: (value) =>
      /^(?:[A-Za-z_][\w.-]{0,30}\$?|0|[1-9]\d{0,9})$/.test(value) ? null : `not a legal ${what} name`,
  })
}
