import { read, refuse } from '../reading.ts'
import type { Kind, Reading } from '../setting.ts'

type ListRules<Item> = {
  /** What the whole list must be, to follow "expected". */
  readonly expects: string
  /** Between the items of one text; null where a text is always one item. */
  readonly separator: ',' | null
  /** The fewest items a list given on purpose may have. */
  readonly min?: number
  /** Two items with the same key are refused. An item without a key may come any number of times. */
  readonly key?: (item: Item) => string | null
}

/** A list of items of one kind: a repeated flag, a text with separators, or a list in a file. */
export function list<Item, Input>(
  item: Kind<Item, Input>,
  rules: ListRules<Item>,
): Kind<readonly Item[], Input | readonly Input[]> {
  const separator = rules.separator ?? ' '
  // Spaces around a comma are how people write lists; at the ends of the text they are a slip.
  const split = (text: string) => (rules.separator === null ? [text] : text.split(/ *, */))
  const check = (items: readonly Item[]) => checkWhole(items, rules)
  const parse = (text: string) => collect(split(text).map(item.parse), check)
  const accept = (value: unknown) => collect((Array.isArray(value) ? value : [value]).map(item.accept), check)
  const { anchor, redact } = item
  return {
    placeholder: item.placeholder,
    expects: rules.expects,
    repeatable: true,
    parse,
    accept: (value) => (typeof value === 'string' ? parse(value) : accept(value)),
    check,
    format: (items) => items.map(item.format).join(separator),
    ...(anchor && { anchor: (items, directory) => items.map((one) => anchor(one, directory)) }),
    ...(redact && { redact: (items) => items.map(redact).join(separator) }),
  }
}

function collect<Item>(
  readings: readonly Reading<Item>[],
  check: (items: readonly Item[]) => Reading<readonly Item[]>,
): Reading<readonly Item[]> {
  const items: Item[] = []
  for (const [index, reading] of readings.entries()) {
    if (!reading.ok) return refuse(readings.length === 1 ? reading.problem : itemProblem(index, reading.problem))
    items.push(reading.value)
  }
  return check(items)
}

function itemProblem(index: number, problem: string): string {
  return `item ${index + 1} is not one${problem === '' ? '' : `: ${problem}`}`
}

function checkWhole<Item>(items: readonly Item[], rules: ListRules<Item>): Reading<readonly Item[]> {
  if (items.length < (rules.min ?? 0)) return refuse('the list is empty')
  const keys = items.map((item) => rules.key?.(item) ?? null).filter((key) => key !== null)
  return new Set(keys).size < keys.length ? refuse('the same item is given twice') : read(items)
}
