import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import { Failure } from '../contract/errors.ts'

export type Target = {
  /** As the operator wrote it. */
  readonly written: string
  /** Absolute path of the module. */
  readonly path: string
  /** The export asked for, dots reaching inside; null when the usual names are to be tried. */
  readonly exportName: string | null
}

const endings = ['', '.js', '.mjs', '.cjs', '.ts', '.mts', '.cts', '/index.js', '/index.mjs', '/index.ts']

/** Finds the module that `PATH[:EXPORT]` or `PACKAGE[:EXPORT]` means, seen from a directory. Throws Failure APP_LOAD. */
export function locate(written: string, directory: string): Target {
  const split = /^(.+):([\p{ID_Start}$_][\p{ID_Continue}$.]*)$/u.exec(written)
  const whole = findModule(written, directory)
  if (whole !== null) return { written, path: whole, exportName: null }
  const part = split?.[1] === undefined ? null : findModule(split[1], directory)
  if (part !== null) return { written, path: part, exportName: split?.[2] ?? null }
  throw notThere(split?.[1] ?? written, directory)
}

function notThere(name: string, directory: string): Failure {
  const whole = resolve(directory, name)
  const looked = isPath(name) ? whole : `${whole} and a package "${name}"`
  const message = `there is no application at ${JSON.stringify(name)}: looked for ${looked}`
  const script = buildScriptNear(whole)
  if (script !== null) {
    const because = `${message}. Likely cause: the build was not run (${script} has a script for it)`
    return new Failure('APP_LOAD', because, { fix: `In ${dirname(script)}: npm run build` })
  }
  return new Failure('APP_LOAD', message, {
    fix: 'Give the path of the application relative to the working directory (see --chdir); build it first if it is compiled.',
  })
}

/** The nearest package.json, from a path upwards, when it has a build script; null otherwise. */
function buildScriptNear(path: string): string | null {
  const folders = [path]
  for (let folder = path; dirname(folder) !== folder; folder = dirname(folder)) folders.push(dirname(folder))
  const file = folders.map((folder) => join(folder, 'package.json')).find(isFile)
  const { scripts } = file === undefined ? {} : readJson(file)
  return file !== undefined && isRecord(scripts) && typeof scripts['build'] === 'string' ? file : null
}

function findModule(name: string, directory: string): string | null {
  const base = resolve(directory, name)
  const path = endings.map((ending) => base + ending).find(isFile) ?? mainOf(base)
  return path ?? (isPath(name) ? null : findPackage(name, directory))
}

function isPath(name: string): boolean {
  return isAbsolute(name) || /^\.{1,2}(?:\/|$)/.test(name)
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false
}

/** The entry of a directory with a package.json. */
function mainOf(directory: string): string | null {
  const { main } = readJson(join(directory, 'package.json'))
  const path = typeof main === 'string' ? resolve(directory, main) : null
  return path === null ? null : (endings.map((ending) => path + ending).find(isFile) ?? null)
}

function readJson(path: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isRecord(value) ? value : {}
  } catch {
    return {}
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function findPackage(name: string, directory: string): string | null {
  const here = createRequire(join(directory, 'from-here.js'))
  try {
    const path = here.resolve(name)
    return isAbsolute(path) ? path : null
  } catch {
    // A package for `import` only cannot be resolved as by `require`.
    return folders(here, name).flatMap((folder) => importEntry(folder, name) ?? [])[0] ?? null
  }
}

/** Where a package may be installed, nearest first. */
function folders(here: NodeJS.Require, name: string): readonly string[] {
  return (here.resolve.paths(name) ?? []).map((modules) => join(modules, packageName(name)))
}

function packageName(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/')
}

/** What the `exports` of a package say of the name for an `import`; patterns are not looked at. */
function importEntry(folder: string, name: string): string | null {
  const { exports } = readJson(join(folder, 'package.json'))
  const subpath = `.${name.slice(packageName(name).length)}`
  const entry =
    isRecord(exports) && Object.keys(exports).some((key) => key.startsWith('.')) ? exports[subpath] : exports
  const target = choose(entry)
  return target === null ? null : resolve(folder, target)
}

function choose(entry: unknown): string | null {
  if (typeof entry === 'string') return entry
  if (!isRecord(entry)) return null
  return choose(entry['node']) ?? choose(entry['import']) ?? choose(entry['default'])
}
