import { extname } from 'node:path'
import { Failure } from '../contract/errors.ts'
import { showValue } from './escape.ts'
import { evaluateModule } from './file/evaluate.ts'
import { configEndings } from './file/find.ts'
import { locate } from './file/locate.ts'
import { JsonProblem, parseJson } from './file/parse-json.ts'
import { readConfigText } from './file/read-text.ts'
import { fileSource } from './file-source.ts'
import type { Source } from './resolve.ts'

export type ConfigFileOptions = {
  /** Whether a file that others may write to is refused. */
  readonly asRoot: boolean
  /** How long the file may wait while it is evaluated, in milliseconds. Code that never pauses cannot be interrupted. */
  readonly patience?: number
}

const usualPatience = 10_000
/** How many times its patience a file may take where it works instead of waiting. */
const longestWork = 6

/** Reads a config file anew. The path is absolute. Throws Failure with file, line and column where they are known. */
export async function loadConfigFile(path: string, options: ConfigFileOptions): Promise<Source> {
  const ending = extname(path).slice(1)
  if (!configEndings.some((known) => known === ending)) {
    throw unreadable(path, `expected a file that ends in ${configEndings.map((known) => `.${known}`).join(', ')}`)
  }
  const text = await readConfigText(path, options.asRoot)
  if (ending === 'json') return toSource(readJson(text, path), path)
  return { ...(await evaluateConfig(text, path, options.patience)), text }
}

function readJson(text: string, path: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof JsonProblem) throw unreadable(`${path}:${error.line}:${error.column}`, error.message, error)
    throw error
  }
}

/**
 * Evaluates the text of a config file that is no JSON. Throws Failure.
 * Its time passes while it waits for something. On a machine with more to do than it can, work takes as long as it
 * takes: eight workers that evaluate the file at once are not to fail where one does not.
 * Getters and proxies are code of the file too: the settings are taken out before it is let go.
 */
export async function evaluateConfig(text: string, path: string, patience = usualPatience): Promise<Source> {
  try {
    return await within(patience, path, async () => {
      const exported = await evaluateModule(text, path)
      return toSource(typeof exported === 'function' ? await exported() : exported, path)
    })
  } catch (error) {
    if (error instanceof Failure) throw error
    const { place, message } = locate(error, path)
    throw unreadable(place, message, error)
  }
}

async function within<Value>(patience: number, path: string, work: () => Promise<Value>): Promise<Value> {
  const before = performance.eventLoopUtilization()
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<never>((_resolve, reject) => {
    const expected = `expected it to be evaluated within ${patience / 1000} seconds`
    const look = (): void => {
      const { idle, active } = performance.eventLoopUtilization(before)
      const left = Math.min(patience - idle, patience * longestWork - idle - active)
      if (left <= 0) reject(unreadable(path, `${expected}, got a promise that waits on`))
      else timer = setTimeout(look, left)
    }
    timer = setTimeout(look, patience)
  })
  try {
    return await Promise.race([work(), over])
  } finally {
    clearTimeout(timer)
  }
}

function toSource(exported: unknown, path: string): Source {
  if (exported === undefined) {
    throw new Failure('CONFIG_UNREADABLE', `config file ${path}: expected a default export, got none`, {
      fix: "Write it as: export default { app: './app.js' }",
    })
  }
  if (!isPlainObject(exported)) throw unreadable(path, `expected an object of settings, got ${describe(exported)}`)
  return fileSource(`config file ${path}`, exported)
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? 'an instance of a class'
    : showValue(value)
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  const prototype = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function unreadable(place: string, problem: string, cause?: unknown): Failure {
  return new Failure('CONFIG_UNREADABLE', `config file ${place}: ${problem}`, { cause })
}
