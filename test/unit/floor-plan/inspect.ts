import { dirname, posix } from 'node:path'
import {
  door,
  doors,
  forbiddenFolders,
  foreign,
  limits,
  loaders,
  longFiles,
  mains,
  plan,
  type Room,
  timers,
  wallClocks,
} from './plan.ts'
import { type Code, readCode } from './read-code.ts'

export type SourceFile = { readonly path: string; readonly text: string }

/** Everything about a source file that the floor plan does not allow, in words. */
export function inspect(file: SourceFile): readonly string[] {
  const code = readCode(file.text)
  const found = file.path.startsWith('src/') ? inspectSource(file.path, code) : inspectTest(file.path, code)
  const lines = file.text.split('\n').length - 1
  if (lines > limits.fileLines && longFiles[file.path] === undefined) found.push(`has ${lines} lines`)
  return found.map((complaint) => `${file.path} ${complaint}`)
}

function inspectSource(path: string, code: Code): string[] {
  const [, name = ''] = path.split('/')
  const room = doors.includes(path) ? door : plan[name]
  if (room === undefined) return [`is in no room of the plan`]
  return [
    ...inspectFolders(path),
    ...code.imports.flatMap((specifier) => inspectImport(path, name, room, specifier)),
    ...inspectWords(path, name, code),
  ]
}

function inspectFolders(path: string): readonly string[] {
  const bad = dirname(path)
    .split('/')
    .filter((folder) => forbiddenFolders.includes(folder))
  return bad.map((folder) => `is in a folder named ${folder}`)
}

function inspectImport(path: string, name: string, room: Room, specifier: string): readonly string[] {
  if (specifier.startsWith('node:')) return inspectNodeModule(room, path, specifier)
  if (!specifier.startsWith('.')) return inspectPackage(room, path, specifier)
  const target = posix.join(posix.dirname(path), specifier)
  const [top, to = ''] = target.split('/')
  if (top !== 'src') return target === 'package.json' ? [] : [`imports ${specifier} from outside src`]
  return to === name || room.rooms.includes(to) ? [] : [`imports the room ${to}`]
}

function inspectNodeModule(room: Room, path: string, specifier: string): readonly string[] {
  const module = specifier.slice('node:'.length)
  const isShut = room.not.includes('*') || room.not.includes(module) || (module === 'process' && !mains.includes(path))
  return isShut ? [`imports ${specifier}`] : []
}

function inspectPackage(room: Room, path: string, specifier: string): readonly string[] {
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  if (!room.packages.includes(name)) return [`imports the package ${name}`]
  return name === foreign.package && path !== foreign.file ? [`imports ${name}, which only ${foreign.file} may`] : []
}

type Ban = {
  readonly words: RegExp
  readonly what: string
  readonly rooms?: readonly string[]
  readonly but?: readonly string[]
}

const bans: readonly Ban[] = [
  {
    words: /\bprocess(?:\?\.|\.)(?:env|argv|exit)\b/,
    what: 'touches process.env, process.argv or process.exit',
    but: mains,
  },
  {
    words: /\bprocess\s*\[|\{[^}]*\b(?:env|argv|exit)\b[^}]*\}\s*=\s*process\b|\w\s*=\s*process\s*(?:[;\n]|$)/,
    what: 'takes process apart',
    but: mains,
  },
  {
    words: /\bprocess\.(?:pid|ppid|kill|on|once)\b/,
    what: 'knows the process it runs in',
    rooms: ['http', 'bundle', 'contract'],
  },
  {
    words: /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b/,
    what: 'reads the clock',
    rooms: ['bundle', 'contract'],
  },
  {
    // A clock that is set an hour forward or back must not decide who has been silent for too long.
    words: /\bDate\.now\b|\bnew Date\(\s*\)/,
    what: 'reads a clock that can be set',
    rooms: ['arbiter', 'worker', 'http'],
    but: wallClocks,
  },
  {
    words: /\b(?:writeFile|appendFile|mkdir|rename|unlink|rm|symlink|chmod|createWriteStream)(?:Sync)?\b\s*\(/,
    what: 'writes files',
    rooms: ['bundle', 'contract'],
  },
]

function inspectWords(path: string, room: string, code: Code): readonly string[] {
  const found = bans
    .filter((ban) => (ban.rooms?.includes(room) ?? true) && !ban.but?.includes(path) && ban.words.test(code.text))
    .map((ban) => ban.what)
  return code.importsUnknown && !loaders.includes(path) ? [...found, 'imports what it does not know by name'] : found
}

function inspectTest(path: string, code: Code): string[] {
  const isApplication = path.startsWith('test/apps/')
  const waits = /(?<![.\w])(?:setTimeout|setInterval|sleep)\s*\(/.test(code.text)
  const imports = code.imports.includes('node:timers') || code.imports.includes('node:timers/promises')
  const isBare = (waits || imports) && !isApplication && timers[path] === undefined
  return isBare ? ['waits for time to pass instead of a fact'] : []
}
