import { Failure } from '../../contract/errors.ts'
import { JsonProblem, parseJson } from '../../settings/file/parse-json.ts'
import { readConfigText } from '../../settings/file/read-text.ts'

type Values = Readonly<Record<string, unknown>>

/** The object in a JSON file, or null when there is no such file. Anything else is a Failure that names the file. */
export async function readJsonObject(path: string): Promise<Values | null> {
  const text = await readIfThere(path)
  if (text === null) return null
  const value = parse(path, text)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Values
  throw new Failure('CONFIG_UNREADABLE', `${path}: expected an object, got something else`)
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readConfigText(path, false)
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined
    const code = cause instanceof Error && 'code' in cause ? cause.code : ''
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw error
  }
}

function parse(path: string, text: string): unknown {
  try {
    return parseJson(text)
  } catch (error) {
    if (!(error instanceof JsonProblem)) throw error
    throw new Failure('CONFIG_UNREADABLE', `${path}:${error.line}:${error.column}: ${error.message}`, { cause: error })
  }
}
