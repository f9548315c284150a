import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/** An application has more files than this seldom, and a search may take no longer than a moment. */
const mostFiles = 500

/** What is imported from a file of one's own, by its path. */
const ownImport = /(?:\bfrom|\bimport|\bimport\s*\()\s*(['"])(\.{1,2}\/[^'"\n]+)\1/g

type Slip = { readonly line: number; readonly column: number }

/**
 * An error of an ES module's syntax does not say where it is: Node.js keeps that for what it prints when the error ends
 * the process. The file and the ones that it imports are read once more to find the place, which is then told the way
 * Node tells it of CommonJS: in the first line of the stack. Other errors stay as they are.
 */
export async function placeSyntaxError(error: unknown, entry: string): Promise<unknown> {
  if (!(error instanceof SyntaxError) || hasPlace(error)) return error
  const place = await findSlip(entry).catch(() => null)
  if (place !== null) error.stack = `${place}\n\n${error.stack ?? ''}`
  return error
}

function hasPlace({ stack = '' }: Error): boolean {
  return /^(?:.*\(|\s*at (?:async )?)?(?:file:\/\/)?\/.*:\d+\)?$/m.test(stack)
}

async function findSlip(entry: string): Promise<string | null> {
  const { createJiti } = await import('jiti')
  const jiti = createJiti(entry, { fsCache: false })
  const files = [entry]
  for (const file of files) {
    const source = readFileSync(file, 'utf8')
    const slip = slipIn(jiti.transform({ source, filename: file, async: true }))
    if (slip !== null) return `${file}:${slip.line}:${slip.column + 1}`
    files.push(...importsOf(file, source).filter((other) => !files.includes(other)))
    if (files.length > mostFiles) return null
  }
  return null
}

/** jiti makes code of a file that it cannot read, which tells so when it is run; its columns begin at 0. */
function slipIn(code: string): Slip | null {
  const found = /^exports\.__JITI_ERROR__ = (\{.*\})$/m.exec(code)?.[1]
  return found === undefined ? null : (JSON.parse(found) as Slip)
}

function importsOf(file: string, source: string): readonly string[] {
  const paths = [...source.matchAll(ownImport)].map(([, , path = '']) => resolve(dirname(file), path))
  return [...new Set(paths)].filter((path) => /\.[cm]?[jt]s$/.test(path) && existsSync(path))
}
