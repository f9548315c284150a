import { extname } from 'node:path'
import { pathToFileURL } from 'node:url'
import { placeSyntaxError } from './find-syntax-error.ts'

const typescript = new Set(['.ts', '.mts', '.cts', '.tsx'])

/** What Node says of TypeScript that it cannot run as it stands: enums, decorators, imports without an extension. */
const beyondNode = new Set([
  'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX',
  'ERR_INVALID_TYPESCRIPT_SYNTAX',
  'ERR_UNKNOWN_FILE_EXTENSION',
  'ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING',
  'ERR_UNSUPPORTED_DIR_IMPORT',
  'ERR_MODULE_NOT_FOUND',
])

/**
 * Loads a JavaScript or TypeScript file, CommonJS or ESM, and returns its namespace. The path is absolute.
 * Throws whatever the module throws.
 */
export async function loadModule(path: string): Promise<unknown> {
  if (!typescript.has(extname(path))) return importFile(path)
  if (!stripsTypes()) return transpile(path)
  try {
    return await importFile(path)
  } catch (error) {
    if (!beyondNode.has(codeOf(error))) throw error
    // Node finds these before the first line of the module runs, so nothing is run twice.
    return transpile(path).catch((again: unknown) => {
      throw codeOf(again).endsWith('MODULE_NOT_FOUND') ? error : again
    })
  }
}

function importFile(path: string): Promise<unknown> {
  return import(pathToFileURL(path).href).catch(async (error: unknown) => {
    throw await placeSyntaxError(error, path)
  })
}

function stripsTypes(): boolean {
  return Boolean(Reflect.get(process.features, 'typescript'))
}

/** The cache of jiti stands in a folder that others may write to, so it is not used. */
async function transpile(path: string): Promise<unknown> {
  const { createJiti } = await import('jiti')
  return createJiti(path, { fsCache: false, interopDefault: false }).import(path)
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}
