import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { BundleFile } from './bundle-file.ts'

// The same place from src/ and from dist/.
/** The version of this package. */
export const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string
}

/** What a mark says of the file it stands in. */
export type Mark = {
  readonly version: string
  readonly name: string
  /** Of the rest of the file as it was written. */
  readonly hash: string
  /** Whether the rest is still what was written. */
  readonly untouched: boolean
}

const sentence = /tsicorn (\S+) wrote this for ([a-z0-9-]+); sha256 of the rest: ([0-9a-f]{64})/

/** The file with a line that tells who wrote it, for which site, and the hash of the rest, so that edits can be told. */
export function markFile({ path, content, mode }: BundleFile, name: string): BundleFile {
  const text = `tsicorn ${version} wrote this for ${name}; sha256 of the rest: ${hashOf(content)}`
  return { path, mode, content: insert(path, content, text) }
}

/** Reads the mark of a file, or null where it has none: then somebody else wrote it. */
export function readMark(content: string): Mark | null {
  // Only where a mark is written: the first line, or the second of a JSON object.
  const lines = content.split('\n')
  const at = lines[0] === '{' ? 1 : 0
  const found = sentence.exec(lines[at] ?? '')
  if (found === null) return null
  const [, by = '', name = '', hash = ''] = found
  return { version: by, name, hash, untouched: hashOf(lines.toSpliced(at, 1).join('\n')) === hash }
}

/** The file without its mark; as it is when it has none. */
export function withoutMark(content: string): string {
  if (readMark(content) === null) return content
  return content
    .split('\n')
    .toSpliced(content.startsWith('{\n') ? 1 : 0, 1)
    .join('\n')
}

function insert(path: string, content: string, text: string): string {
  if (path.endsWith('.json')) return content.replace('{\n', `{\n  "//": "${text}",\n`)
  return /\.(?:md|html)$/.test(path) ? `<!-- ${text} -->\n${content}` : `# ${text}\n${content}`
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
