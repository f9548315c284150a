// The second step of `npm run build`: joins what the compiler wrote into few files, because a process that starts pays for
// each file it loads (`tsicorn docs tuning`). The modules stay beside them, for their types and for tests that look inside,
// and are not packed; `tsc` alone makes a server that works the same and starts slower.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'

const dist = join(import.meta.dirname, '..', 'dist')
/** Where processes, threads and importers come in. */
const doors = ['cli/main.js', 'worker/main.js', 'index.js', 'request.js'].map((door) => join(dist, door))
/** Each worker starts this one in a thread: as CommonJS that costs 36 ms of processor time, as a module 44, and 1 MB more. */
const thread = join(dist, 'worker', 'stall-thread')

/** Every package but commander: half of what it costs to load is to find its files. */
const { dependencies } = JSON.parse(readFileSync(join(dist, '..', 'package.json'), 'utf8'))
const external = Object.keys(dependencies).filter((name) => name !== 'commander')

// Joined already, and not compiled since.
if (!readFileSync(doors[0], 'utf8').includes('/chunks/')) await joinModules()

async function joinModules() {
  const common = { bundle: true, platform: 'node', target: 'node20.19', logLevel: 'warning', write: false }
  const one = await build({ ...common, entryPoints: [`${thread}.js`], outfile: `${thread}.cjs`, format: 'cjs' })
  const many = await build({
    ...common,
    entryPoints: doors,
    outdir: dist,
    outbase: dist,
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    external,
    format: 'esm',
    allowOverwrite: true,
    plugins: [
      { name: 'place', setup: keepPlaces },
      { name: 'commander', setup: takeCommander },
    ],
  })
  const outputFiles = [...one.outputFiles, ...many.outputFiles]
  mkdirSync(join(dist, 'chunks'), { recursive: true })
  // The doors last, and each at once: somebody may be coming in.
  const last = ({ path }) => Number(doors.includes(path))
  for (const { path, text } of outputFiles.sort((a, b) => last(a) - last(b))) {
    writeFileSync(`${path}.new`, text)
    renameSync(`${path}.new`, path)
  }
}

/**
 * A module that asks where it is gets the answer it would have got in a file of its own. All files that are made are one
 * folder down, but for the doors of importers.
 */
function keepPlaces({ onLoad }) {
  onLoad({ filter: /\.js$/, namespace: 'file' }, ({ path }) => {
    if (relative(dist, path).startsWith('..')) return undefined
    const text = readFileSync(path, 'utf8').replace(/stall-thread\$\{.*?\}/, 'stall-thread.cjs')
    if (!text.includes('import.meta.url')) return undefined
    if (dirname(path) === dist) throw new Error(`${path} must not ask where it is`)
    const place = JSON.stringify(`../${relative(dist, path)}`)
    return { contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`), loader: 'js' }
  })
}

/** A module has no `require`; and whoever hands on commander has to hand on its licence. */
function takeCommander({ onLoad }) {
  onLoad({ filter: /[\\/]commander[\\/].*\.js$/ }, ({ path }) => {
    const text = readFileSync(path, 'utf8').replace(
      /require\('(node:\w+)'\)/g,
      "globalThis.process.getBuiltinModule('$1')",
    )
    const folder = path.slice(0, path.lastIndexOf('commander') + 'commander'.length)
    const licence = path.endsWith('command.js') ? readFileSync(join(folder, 'LICENSE'), 'utf8') : ''
    return { contents: licence === '' ? text : `/*! commander\n${licence}*/\n${text}`, loader: 'js' }
  })
}
