// A SIGUSR1 that nobody listens to opens Node's inspector: the listener comes before anything else is loaded.
process.on('SIGUSR1', () => {})

const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { pathToFileURL } = require('node:url')
const { Script } = require('node:vm')

/** V8 looks whether it is its own work, and compiles the text where it is not. */
function compiledAhead(path) {
  try {
    return readFileSync(path.replace(/cjs$/, `${process.versions.v8}-${process.arch}.bin`))
  } catch {
    return undefined
  }
}

// No application is to take us for its own main module.
process.mainModule = undefined
const path = join(__dirname, '..', 'chunks', 'CHUNK')
const script = new Script(readFileSync(path, 'latin1'), {
  filename: pathToFileURL(path).href,
  cachedData: compiledAhead(path),
})
script.runInThisContext()(require, module, exports, path, (specifier) => import(specifier))
