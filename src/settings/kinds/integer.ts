import { read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'

type Range = {
  readonly min: number
  readonly max: number
  readonly placeholder?: string
}

/** A whole number in decimal, from `min` to `max`. */
export function integer(range: Range): Kind<number> {
  return {
    placeholder: range.placeholder ?? 'N',
    expects: `a whole number from ${range.min} to ${range.max}`,
    repeatable: false,
    // Number() would take "", "0x10", " 5" and "1e3".
    parse: (text) => (/^-?(?:0|[1-9]\d*)$/.test(text) ? within(Number(text), range) : refuse()),
    accept: (value) => (typeof value === 'number' && Number.isInteger(value) ? within(value, range) : refuse()),
    format: String,
  }
}

/** A whole number, or one word that stands for a number found out later. */
export function integerOr<Word extends string>(word: Word, range: Range): Kind<number | Word> {
  const kind = integer(range)
  return {
    placeholder: `${kind.placeholder}|${word}`,
    expects: `${kind.expects}, or ${word}`,
    repeatable: false,
    parse: (text) => (text === word ? read(word) : kind.parse(text)),
    accept: (value) => (value === word ? read(word) : kind.accept(value)),
    format: String,
  }
}

function within(value: number, range: Range): Reading<number> {
  return value >= range.min && value <= range.max ? read(value) : refuse()
}
