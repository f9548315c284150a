import type { RawValue, Source } from './resolve.ts'

/** JSON has no comments: this name is one. */
const comment = '//'

/** What an object from a file says: every key, the unknown ones too, so that they become complaints. */
export function fileSource(label: string, settings: Readonly<Record<string, unknown>>): Source {
  // No prototype: a key such as __proto__ must stay a key.
  const values: Record<string, RawValue> = Object.create(null)
  for (const [name, value] of Object.entries(settings)) {
    if (value !== undefined && name !== comment) values[name] = { from: name, value }
  }
  return { layer: 'file', label, values }
}
