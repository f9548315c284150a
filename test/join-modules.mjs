// The second step of `npm run build`: joins what the compiler wrote into few files, because a process that starts pays for
// each file it loads (`tsicorn docs tuning`). The modules stay beside them, for their types and for tests that look inside,
// and are not packed; `tsc` alone makes a server that works the same and starts slower.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { build } from 'esbuild'

const dist = join(import.meta.dirname, '..', 'dist')
/** Where processes, threads and importers come in. */
const doors = ['cli/main.js', 'worker/main.js', 'worker/stall-thread.js', 'index.js', 'request.js'].map((door) =>
  join(dist, door),
)

// Joined already, and not compiled since.
if (!readFileSync(doors[0], 'utf8').includes('/chunks/')) await joinModules()

async function joinModules() {
  const { outputFiles } = await build({
    entryPoints: doors,
    outdir: dist,
    outbase: dist,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    write: false,
    allowOverwrite: true,
    logLevel: 'warning',
    plugins: [{ name: 'place', setup: keepPlaces }],
  })
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
    const text = readFileSync(path, 'utf8')
    if (!text.includes('import.meta.url')) return undefined
    if (dirname(path) === dist) throw new Error(`${path} must not ask where it is`)
    const place = JSON.stringify(`../${relative(dist, path)}`)
    return { contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`), loader: 'js' }
  })
}
