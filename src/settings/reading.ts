import type { Reading } from './setting.ts'

/** The value was read. */
export function read<Value>(value: Value): Reading<Value> {
  return { ok: true, value }
}

/** The value breaks a rule. The problem never repeats the value; empty, when what is expected says it all. */
export function refuse(problem = ''): {
  readonly ok: false
  readonly problem: string
} {
  return { ok: false, problem }
}

/** The problem that every text shares which holds a control character, or null. */
export function controlProblem(text: string): string | null {
  const found = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u.exec(text)
  if (found === null) return null
  const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  return `control character U+${code} at position ${[...text.slice(0, found.index)].length + 1}`
}
