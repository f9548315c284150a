// Before a program of ours: when it ends, what V8 has compiled of it is kept beside it, for the next one.
const { chmodSync, renameSync, writeFileSync } = require('node:fs')
const { fileURLToPath } = require('node:url')
const vm = require('node:vm')

const { Script } = vm
const name = `${process.versions.v8}-${process.arch}.bin`

vm.Script = function KeptScript(text, options) {
  const script = new Script(text, options)
  process.on('exit', () => {
    const path = fileURLToPath(options.filename).replace(/cjs$/, name)
    writeFileSync(`${path}.new`, script.createCachedData())
    // The server's own umask is stricter.
    chmodSync(`${path}.new`, 0o644)
    renameSync(`${path}.new`, path)
  })
  return script
}
