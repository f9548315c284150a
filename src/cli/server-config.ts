import { stat } from 'node:fs/promises'
import { resolve as resolvePath } from 'node:path'
import { Failure } from '../contract/errors.ts'
import { anchor } from '../settings/anchor.ts'
import { failuresOf, together } from '../settings/complaint.ts'
import { loadConfigFile } from '../settings/config-file.ts'
import { environmentSource } from '../settings/environment.ts'
import { findConfigFile } from '../settings/file/find.ts'
import { flagSource } from '../settings/flags.ts'
import { freezeDeep } from '../settings/freeze.ts'
import { describeOrigin, type Origin, type Provenance, resolve, type Source } from '../settings/resolve.ts'
import { serverRules } from '../settings/rules.ts'
import { type ServerConfig, serverTable } from '../settings/server-table.ts'
import { readCommandArguments } from './command-arguments.ts'
import type { Context, Flags } from './context.ts'

export type ConfigInputs = {
  readonly flags: Flags
  readonly context: Context
  /** Whether the config file decides what runs as root. */
  readonly asRoot: boolean
  /** The file that an earlier reading found. Without it a reload would turn its settings into defaults. */
  readonly earlierFile: string | null
}

/** A config that is settled: all its paths are absolute. */
export type SettledConfig = {
  readonly config: ServerConfig
  readonly provenance: Provenance
  readonly file: string | null
}

/**
 * Reads anew whatever can configure the server, and settles it. Relative paths are taken from the directory the server
 * changes to. Throws Failure with everything there is to complain of, whatever the source.
 */
export async function settleServerConfig(inputs: ConfigInputs): Promise<SettledConfig> {
  const failures: Failure[] = []
  const heed = <Value>(work: Promise<Value>) => work.catch((error) => keep(error, failures))
  const { flags, context, asRoot } = inputs
  const said = await heed(readCommandArguments(context))
  const spoken = [environmentSource(serverTable, context.env), ...present(said), flagSource(serverTable, flags)]
  const { chdir, config: named, origin } = glance(spoken)
  const directory = resolvePath(context.cwd, chdir ?? '.')
  await heed(requireDirectory(directory, origin))
  const file = await heed(chooseFile(named, { directory, earlierFile: inputs.earlierFile }))
  const source = file === null ? null : await heed(loadConfigFile(file, { asRoot }))
  const resolution = resolve(serverTable, serverRules, [...present(source), ...spoken])
  if (!resolution.ok) failures.push(...failuresOf(resolution.complaints))
  if (!resolution.ok || failures.length > 0) throw together(failures)
  return settle(resolution, { file, cwd: context.cwd, text: source?.text ?? null })
}

type Resolved = Omit<SettledConfig, 'file'>
type Place = { readonly file: string | null; readonly cwd: string; readonly text: string | null }

const foundByItself: Origin = { layer: 'file', label: 'the working directory', from: 'config' }

async function settle({ config, provenance }: Resolved, { file, cwd, text }: Place): Promise<SettledConfig> {
  const home = resolvePath(cwd, config.chdir ?? '.')
  await requireDirectory(home, provenance.chdir)
  const anchored = anchor(serverTable, config, home)
  const script = file === null || text === null ? {} : { script: { path: file, text } }
  const placed = freezeDeep({ ...anchored, chdir: config.chdir === null ? null : home, config: file, ...script })
  const isFound = file !== null && config.config === null
  return { config: placed, provenance: isFound ? { ...provenance, config: foundByItself } : provenance, file }
}

/** What must be known before the config file can be found. A value that cannot be used is complained of later. */
function glance(sources: readonly Source[]) {
  const { chdir, config } = serverTable
  const relevant = sources.map((source) => ({ ...source, values: pick(source.values, ['chdir', 'config']) }))
  const resolution = resolve({ chdir, config }, [], relevant)
  if (!resolution.ok) return { chdir: null, config: null, origin: undefined }
  return { ...resolution.config, origin: resolution.provenance.chdir }
}

function pick<Value>(
  values: Readonly<Record<string, Value>>,
  names: readonly string[],
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)))
}

async function requireDirectory(path: string, origin: Origin | undefined): Promise<void> {
  if (origin === undefined || origin.layer === 'default') return
  const found = await stat(path).catch(() => null)
  if (found?.isDirectory()) return
  const got = found === null ? 'nothing' : 'something else'
  throw new Failure('CONFIG_INVALID', `${describeOrigin(origin)}: expected a directory, got ${got} at ${path}`)
}

type Search = { readonly directory: string; readonly earlierFile: string | null }

async function chooseFile(named: string | null, { directory, earlierFile }: Search): Promise<string | null> {
  if (named !== null) return resolvePath(directory, named)
  return (await findConfigFile(directory)) ?? earlierFile
}

function present<Value>(value: Value | null): readonly Value[] {
  return value === null ? [] : [value]
}

/** Only what a person can mend is kept for the list; anything else is a defect and ends the reading. */
function keep(error: unknown, failures: Failure[]): null {
  if (!(error instanceof Failure)) throw error
  failures.push(error)
  return null
}
