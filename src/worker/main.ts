// Without a listener a SIGUSR1 opens the inspector on a port, so this comes before anything else is loaded.
process.on('SIGUSR1', () => {})

void main()

async function main(): Promise<void> {
  const { begin } = await import('./begin.ts')
  const { takePlace } = await import('./threads/place.ts')
  const { printed } = await import('./printed.ts')
  const { outliveTerminals } = await import('../system/lost-terminal.ts')

  const place = takePlace()
  if (place === null) outliveTerminals()

  begin({
    env: process.env,
    exit: (code) => {
      // While the process is ending already, this is all that still counts.
      process.exitCode = code
      const last = printed()
      if (last === null) process.exit(code)
      void last.then(() => process.exit(code))
    },
    pose: (script) => {
      process.argv.splice(1, process.argv.length, script)
    },
    place,
  })
}
