import type { Reading } from '../../../../src/settings/setting.ts'

type Parser = { readonly parse: (text: string) => Reading<unknown> }
type Accepter = { readonly accept: (value: unknown) => Reading<unknown> }

/** What a kind makes of each text: the value, or `refused` with the reason it gives. */
export function parseAll(kind: Parser, texts: readonly string[]): readonly unknown[] {
  return texts.map((text) => outcome(kind.parse(text)))
}

/** What a kind makes of each value of a config file. */
export function acceptAll(kind: Accepter, values: readonly unknown[]): readonly unknown[] {
  return values.map((value) => outcome(kind.accept(value)))
}

/** The mark of a refusal in the lists above. */
export const refused = 'refused'

/** The reason a kind gives for refusing a text; undefined when it accepts it. */
export function reason(kind: Parser, text: string): string | undefined {
  const reading = kind.parse(text)
  return reading.ok ? undefined : reading.problem
}

function outcome(reading: Reading<unknown>): unknown {
  return reading.ok ? reading.value : refused
}
