import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { apps, type Built, versionOf } from './frameworks.ts'

/** Outside the repository, because bundlers treat what is below a node_modules as somebody else's. */
const cache = join(tmpdir(), `tsicorn-grid-${userInfo().uid}`)
const patience = { timeout: 600_000, stdio: 'pipe', encoding: 'utf8' } as const

export type Outcome = { readonly app: string; readonly version: string } | { readonly missing: string }

/** Installs the packages of a framework and builds its application, unless that was done before. */
export function build(framework: Built): Outcome {
  const folder = join(cache, framework.folder)
  const mark = join(folder, '.built')
  const print = fingerprint(framework)
  try {
    if (!existsSync(mark) || readFileSync(mark, 'utf8') !== print) {
      prepare(framework, folder)
      npm(folder, 'install', '--no-audit', '--no-fund', '--loglevel=error')
      npm(folder, 'run', 'build')
      writeFileSync(mark, print)
    }
    return { app: join(folder, framework.entry), version: versionOf(framework, folder) ?? 'unknown' }
  } catch (error) {
    return { missing: reason(error) }
  }
}

/** Another Node.js, from the package that holds only its binary. */
export function installNode(
  major: number,
): { readonly node: string; readonly version: string } | { readonly missing: string } {
  const folder = join(cache, `node-${major}`)
  const node = join(folder, 'node_modules', `node-linux-${process.arch}`, 'bin', 'node')
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    if (!existsSync(join(folder, 'package.json'))) writeFileSync(join(folder, 'package.json'), '{ "private": true }')
    if (!existsSync(node))
      npm(folder, 'install', '--no-audit', '--no-fund', '--loglevel=error', `node-linux-${process.arch}@${major}`)
    return { node, version: execFileSync(node, ['--version'], patience).trim() }
  } catch (error) {
    return { missing: reason(error) }
  }
}

function prepare(framework: Built, folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of readdirSync(folder)) if (name !== 'node_modules') rmSync(join(folder, name), { recursive: true })
  cpSync(join(apps, framework.folder), folder, { recursive: true })
  for (const name of ['state.mjs', 'web-routes.mjs']) cpSync(join(apps, name), join(folder, name))
}

function fingerprint({ folder }: Built): string {
  const hash = createHash('sha256')
  const files = readdirSync(join(apps, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
  for (const file of [...files.sort(), join(apps, 'state.mjs'), join(apps, 'web-routes.mjs')])
    hash.update(readFileSync(file))
  return hash.digest('hex')
}

function npm(cwd: string, ...args: readonly string[]): void {
  const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NITRO_TELEMETRY_DISABLED: '1' }
  execFileSync('npm', args, { ...patience, cwd, env })
}

function reason(error: unknown): string {
  const { stderr, message } = error as { readonly stderr?: string; readonly message: string }
  return (
    stderr
      ?.trim()
      .split('\n')
      .find((line) => /error/i.test(line)) ?? message
  ).slice(0, 200)
}
