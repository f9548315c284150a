import { jsonFormat, namedFormats, parseAccessFormat } from '../access-format.ts'
import type { Kind } from '../setting.ts'
import { text } from './text.ts'

const names = [...Object.keys(namedFormats), jsonFormat]

/** What a line of the access log holds: one of a few names, or a text with %(NAME)s in it. */
export const accessFormat: Kind<string> = text({
  placeholder: 'FORMAT',
  expects: `${names.join(', ')}, or a text with names such as %(h)s in it`,
  problem: (value) => {
    if (value === jsonFormat) return null
    const parts = parseAccessFormat(value)
    return parts.ok ? null : parts.problem
  },
})
