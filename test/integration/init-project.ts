import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'

/** A folder with a small application in it. */
export async function project(): Promise<TempDir> {
  const dir = await tempDir()
  await dir.write('package.json', JSON.stringify({ name: '@acme/Web_Shop', type: 'module', main: 'server.js' }))
  await dir.write('server.js', "export default (request, response) => response.end('hello')\n")
  return dir
}

/** Everything in a folder: each file with its content, each directory with its mode. */
export function snapshot(folder: string): Readonly<Record<string, string>> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const show = (path: string) => {
    const stats = statSync(path)
    return stats.isFile() ? readFileSync(path, 'utf8') : String(stats.mode)
  }
  return Object.fromEntries(names.map((name) => [name, show(join(folder, name))]))
}
