import { read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'
import { size } from './size.ts'

const bytes = size({ min: 64 * 1024 ** 2, max: 1024 ** 5 })

/** How much memory a service may take: a share of the machine's (`80%`), bytes, or no limit (`off`). */
export const memoryLimit: Kind<string | number> = {
  placeholder: 'SHARE|SIZE|off',
  expects: 'a share of the memory from 10% to 100%, a size of at least 64m, or off',
  repeatable: false,
  parse: (text) => word(text) ?? bytes.parse(text),
  accept: (value) => (typeof value === 'string' ? (word(value) ?? bytes.accept(value)) : bytes.accept(value)),
  format: (value) => (typeof value === 'string' ? value : bytes.format(value)),
}

function word(text: string): Reading<string> | null {
  if (text === 'off') return read(text)
  const share = /^(\d{1,4})%$/.exec(text)?.[1]
  if (share === undefined) return null
  return /^(?:[1-9]\d|100)$/.test(share) ? read(text) : refuse()
}
