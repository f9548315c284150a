import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { PassThrough, Writable } from 'node:stream'
import { complain } from '../../src/cli/complain.ts'
import type { Ask } from '../../src/cli/init/interview.ts'
import { runInit } from '../../src/cli/init.ts'
import { createPaint } from '../../src/cli/paint.ts'
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

type Run = { readonly code: number; readonly stdout: string; readonly stderr: string }

/** Runs init in this process, with flags as they are typed; with somebody who answers, or else with --yes. */
export async function runInitIn(cwd: string, words: readonly string[], ask?: Ask): Promise<Run> {
  const said = { stdout: '', stderr: '' }
  const collect = (name: keyof typeof said) =>
    new Writable({
      write: (chunk, _encoding, done) => {
        said[name] += chunk
        done()
      },
    })
  const [stdout, stderr] = [collect('stdout'), collect('stderr')]
  const env = { PATH: '/nowhere' }
  const context = { env, cwd, stdin: new PassThrough(), stdout, stderr, paint: createPaint({}, {}) }
  try {
    const code = await runInit(undefined, { ...flagsOf(words), ...(ask === undefined && { yes: true }) }, context, ask)
    return { code, ...said }
  } catch (error) {
    const code = complain(error, context)
    return { code, ...said }
  }
}

function flagsOf(words: readonly string[]): Readonly<Record<string, unknown>> {
  const flags: Record<string, unknown> = {}
  for (const [index, word] of words.entries()) {
    if (!word.startsWith('--')) continue
    const value = words[index + 1]
    const name = word.slice(2).replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase())
    flags[name] = value === undefined || value.startsWith('--') ? true : [value]
  }
  return flags
}
