import { read, refuse } from '../reading.ts'
import type { Kind } from '../setting.ts'

const words: Readonly<Record<string, boolean>> = {
  true: true,
  yes: true,
  on: true,
  '1': true,
  false: false,
  no: false,
  off: false,
  '0': false,
}

/** On or off: a flag without a value, `true` or `false` in a file, a word in the environment. */
export const onOff: Kind<boolean> = {
  placeholder: '',
  expects: 'true or false (also yes, no, on, off, 1, 0)',
  repeatable: false,
  parse: (text) => {
    const value = Object.hasOwn(words, text) ? words[text] : undefined
    return value === undefined ? refuse() : read(value)
  },
  accept: (value) => (typeof value === 'boolean' ? read(value) : refuse()),
  format: String,
}
