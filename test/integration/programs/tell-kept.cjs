// Before a program of ours: writes down of each script whether V8 has taken what it had compiled of it before.
const { appendFileSync } = require('node:fs')
const vm = require('node:vm')

const { Script } = vm
vm.Script = function ToldScript(text, options) {
  const script = new Script(text, options)
  const told = { file: options.filename, rejected: script.cachedDataRejected ?? null }
  appendFileSync(process.env.TOLD, `${JSON.stringify(told)}\n`)
  return script
}
