// The second step of `npm run build`: joins what the compiler wrote into few files, because a process that starts pays for
// each file it loads, and lets V8 keep what it has compiled of them (`tsicorn docs tuning`). The modules stay beside them, for
// their types and for tests that look inside, and are not packed; `tsc` alone makes a server that works the same and starts
// slower.
import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'esbuild'
import { compileAhead } from './compile-ahead.mjs'

const dist = join(import.meta.dirname, '..', 'dist')
const chunks = join(dist, 'chunks')
/** Where importers come in: modules, because they import them. */
const doors = ['index.js', 'request.js'].map((door) => join(dist, door))
/** Where processes and threads come in: scripts, because the loader of modules costs a process some milliseconds. */
const programs = ['cli', 'worker'].map((room) => join(dist, room, 'main'))
/** Each worker starts this one in a thread: as CommonJS that costs 36 ms of processor time, as a module 44, and 1 MB more. */
const thread = join(dist, 'worker', 'stall-thread')
const mark = 'import "./main.cjs"\n'

/** Every package but commander: half of what it costs to load is to find its files. */
const { dependencies } = JSON.parse(readFileSync(join(dist, '..', 'package.json'), 'utf8'))
const external = Object.keys(dependencies).filter((name) => name !== 'commander')

// Joined already, and not compiled since.
if (readFileSync(`${programs[0]}.js`, 'utf8') !== mark) await joinModules()

async function joinModules() {
  const common = { bundle: true, platform: 'node', target: 'node20.19', logLevel: 'warning', write: false, external }
  const modules = await build({ ...common, entryPoints: doors, outdir: dist, format: 'esm', allowOverwrite: true })
  const scripts = await build({
    ...common,
    entryPoints: [...programs, thread].map((path) => `${path}.js`),
    outdir: dist,
    outbase: dist,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    banner: { js: "'use strict'; const whereWeAre = require('node:url').pathToFileURL(__filename).href" },
    plugins: [
      { name: 'place', setup: keepPlaces },
      { name: 'commander', setup: takeCommander },
    ],
  })
  mkdirSync(chunks, { recursive: true })
  const old = readdirSync(chunks)
  const joined = [...modules.outputFiles, ...scripts.outputFiles]
  const [entered, others] = [true, false].map((is) =>
    joined.filter(({ path }) => is === programs.some((program) => path === `${program}.cjs`)),
  )
  for (const { path, text } of others) write(path, text)
  const fresh = new Set(entered.map(({ path, text }) => enclose(path, text)))
  write(`${programs[0]}.js`, mark)
  for (const name of old) if (!fresh.has(name)) rmSync(join(chunks, name))
  await compileAhead(dist)
}

/** At once: somebody may be coming in. */
function write(path, text) {
  writeFileSync(`${path}.new`, text)
  renameSync(`${path}.new`, path)
}

/**
 * Puts a program among the chunks, under a name that tells its text, and makes a door to it: V8 takes what it has kept of a
 * text for any text of the same length. Returns the name.
 */
function enclose(path, text) {
  const program = `(function (require, module, exports, __filename, importModule) {${handImports(text)}\n})`
  const hash = createHash('sha256').update(program).digest('hex').slice(0, 8)
  const name = `${basename(dirname(path))}-${hash}.cjs`
  write(join(chunks, name), program)
  write(path, readFileSync(join(import.meta.dirname, 'door.cjs'), 'utf8').replace('CHUNK', name))
  return name
}

/** A script that V8 has from us, and not from the loader, is not served where it says `import()`: the door does that for it. */
function handImports(text) {
  return text.replace(/(?<![.\w])import\((?=[^)])/g, 'importModule(')
}

/** A module that asks where it is gets the answer it would have got in a file of its own; programs are one folder down. */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.js$/, namespace: 'file' }, ({ path }) => {
    if (relative(dist, path).startsWith('..')) return undefined
    const text = readFileSync(path, 'utf8').replace(/\b(main|stall-thread)\$\{extname\(import\.meta\.url\)\}/, '$1.cjs')
    if (!text.includes('import.meta.url')) return undefined
    if (dirname(path) === dist) throw new Error(`${path} must not ask where it is`)
    const place = JSON.stringify(`../${relative(dist, path)}`)
    return { contents: text.replaceAll('import.meta.url', `new URL(${place}, whereWeAre).href`), loader: 'js' }
  })
}

/** Whoever hands on commander has to hand on its licence. */
function takeCommander({ onLoad }) {
  onLoad({ filter: /[\\/]commander[\\/].*\.js$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8')
    const folder = path.slice(0, path.lastIndexOf('commander') + 'commander'.length)
    const licence = path.endsWith('command.js') ? readFileSync(join(folder, 'LICENSE'), 'utf8') : ''
    return { contents: licence === '' ? text : `/*! commander\n${licence}*/\n${text}`, loader: 'js' }
  })
}
