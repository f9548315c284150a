import { readdir } from 'node:fs/promises'
import { join, resolve as resolvePath } from 'node:path'
import { Failure } from '../../contract/errors.ts'
import { loadConfigFile } from '../../settings/config-file.ts'
import { findConfigFile } from '../../settings/file/find.ts'
import { resolve } from '../../settings/resolve.ts'
import { serverTable } from '../../settings/server-table.ts'
import type { Context } from '../context.ts'

export type SocketFlags = { readonly controlSocket?: string; readonly name?: string }

/** Where the generated services have their control socket, by their name. */
const runFolder = '/run'
const socketName = 'control.sock'
const variable = 'TSICORN_CONTROL_SOCKET'

/**
 * The control socket of the server that is meant: as given, by the name of its service, or by the config file in the
 * working directory. Throws Failure USAGE, which says where was looked.
 */
export async function findControlSocket(flags: SocketFlags, context: Context): Promise<string> {
  const { env, cwd } = context
  if (flags.controlSocket !== undefined) return resolvePath(cwd, flags.controlSocket)
  if (flags.name !== undefined) return socketOf(flags.name)
  const given = env[variable]
  if (given !== undefined && given !== '') return resolvePath(cwd, given)
  const found = await inConfigFile(cwd)
  if ('path' in found) return found.path
  const names = await namesBelow(runFolder)
  const tried = `--control-socket, --name and ${variable} are not given, and ${found.why}`
  throw new Failure('USAGE', `ctl: which server? Expected its control socket: ${tried}`, { fix: hint(names) })
}

function socketOf(name: string): string {
  if (/^[\w.-]+$/.test(name) && !/^\.+$/.test(name)) return join(runFolder, name, socketName)
  throw new Failure('USAGE', `ctl: --name: expected the name of a service, got ${JSON.stringify(name)}`)
}

type Found = { readonly path: string } | { readonly why: string }

async function inConfigFile(directory: string): Promise<Found> {
  try {
    const file = await findConfigFile(directory)
    if (file === null) return { why: `there is no tsicorn.config file in ${directory}` }
    const source = await loadConfigFile(file, { asRoot: process.getuid?.() === 0 })
    const { chdir, controlSocket } = serverTable
    const wanted = Object.entries(source.values).filter(([name]) => name === 'chdir' || name === 'controlSocket')
    const resolution = resolve({ chdir, controlSocket }, [], [{ ...source, values: Object.fromEntries(wanted) }])
    if (!resolution.ok) return { why: `the controlSocket in ${file} is none that can be used` }
    const { config } = resolution
    if (config.controlSocket === null) return { why: `${file} sets no controlSocket` }
    return { path: resolvePath(directory, config.chdir ?? '.', config.controlSocket) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { why: error.message }
  }
}

/** The servers of this machine that have a control socket where the generated services do. */
async function namesBelow(folder: string): Promise<readonly string[]> {
  const names = await listed(folder)
  const found = await Promise.all(
    names.map(async (name) => ((await listed(join(folder, name))).includes(socketName) ? [name] : [])),
  )
  return found.flat()
}

async function listed(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch(() => [])
}

function hint(names: readonly string[]): string {
  if (names.length === 0) return 'tsicorn ctl COMMAND --control-socket PATH, as the server was started with'
  return `on this machine: ${names.map((name) => `tsicorn ctl COMMAND --name ${name}`).join(', ')}`
}
