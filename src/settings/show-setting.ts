import { escapeControl } from './escape.ts'
import type { Setting } from './setting.ts'

/** A value as a flag would take it, fit for a terminal. A secret is shown as far as its kind says, by default not at all. */
export function showSetting({ kind, secret = false }: Setting<unknown, unknown>, value: unknown): string {
  if (value === null) return 'none'
  if (!secret) return escapeControl(kind.format(value)) || 'none'
  const shown = kind.redact?.(value) ?? '(not shown)'
  return escapeControl(shown) || 'none'
}
