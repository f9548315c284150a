import { read, refuse } from '../reading.ts'
import type { Kind } from '../setting.ts'

const widest = 0o777

/** File mode bits to take away. Text is octal, as in every shell; a number in a config file is the value itself. */
export const umask: Kind<number, number | string> = {
  placeholder: 'OCTAL',
  expects: 'an octal number from 0 to 777',
  repeatable: false,
  parse: parseOctal,
  accept: (value) => {
    if (typeof value === 'string') return parseOctal(value)
    const legal = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= widest
    return legal ? read(value) : refuse()
  },
  format: (value) => value.toString(8).padStart(4, '0'),
}

function parseOctal(text: string) {
  const found = /^(?:0o)?([0-7]{1,4})$/.exec(text)
  const value = Number.parseInt(found?.[1] ?? '', 8)
  return value <= widest ? read(value) : refuse()
}
