import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What `import 'tsicorn'` means in a config file: this very package, wherever it is installed. */
const ownIndex = new URL(`../../index${extname(import.meta.url)}`, import.meta.url)

/**
 * Evaluates the text of a JavaScript or TypeScript file and returns what it exports: the default export, or
 * module.exports. Undefined when it exports nothing. Throws whatever the file throws.
 *
 * One road for every file and every Node: enums, `export default` in a CommonJS package and imports of tsicorn work
 * where Node's own loader refuses them, and a reload sees the file anew. The cache of jiti stands in a folder that
 * others may write to, so it is not used.
 */
export async function evaluateModule(text: string, path: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  const jiti = createJiti(path, {
    fsCache: false,
    moduleCache: false,
    interopDefault: false,
    alias: { tsicorn: fileURLToPath(ownIndex) },
  })
  const exports = await jiti.evalModule(text, { filename: path, async: true, forceTranspile: true })
  return defaultOf(exports)
}

function defaultOf(exports: unknown): unknown {
  if (typeof exports !== 'object' || exports === null) return exports
  if ('default' in exports) return exports.default
  const isEmpty = Object.keys(exports).length === 0
  return '__esModule' in exports || isEmpty ? undefined : exports
}
