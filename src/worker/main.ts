// Without a listener a SIGUSR1 opens the inspector on a port, so this comes before anything else is loaded.
process.on('SIGUSR1', () => {})

const { begin } = await import('./begin.ts')
const { takePlace } = await import('./threads/place.ts')

begin({
  env: process.env,
  exit: (code) => process.exit(code),
  pose: (script) => {
    process.argv.splice(1, process.argv.length, script)
  },
  place: takePlace(),
})
