// A SIGUSR1 that nobody listens to opens Node's inspector: the listener comes before anything else is loaded.
process.on('SIGUSR1', () => {})

// A terminal that was closed (EIO) or a reader that left (EPIPE) is no reason to fail: there is only nobody to read.
const nobodyReads = new Set(['EPIPE', 'EIO'])
let isLost = false
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  isLost ||= !nobodyReads.has(error.code ?? '')
})
process.stderr.on('error', () => {})

// Where something is waited for that never comes, Node just ends, and that is no success.
let isOver = false
process.once('exit', (code) => {
  if (isOver || code !== 0) return
  process.exitCode = 1
  process.stderr.write('tsicorn: what was waited for will never come (a promise in the config file?)\n')
})

void main()

async function main(): Promise<void> {
  const { outliveTerminals } = await import('../system/lost-terminal.ts')
  outliveTerminals()
  const status = await run().catch(explain)
  await Promise.all([process.stdout, process.stderr].map(flush))
  isOver = true
  // A config file may have left timers or sockets behind; the command is over all the same.
  process.exit(status === 0 && isLost ? 1 : status)
}

async function run(): Promise<number> {
  const [{ createPaint }, { runProgram }] = await Promise.all([import('./paint.ts'), import('./program.ts')])
  const { env, stdin, stdout, stderr } = process
  const cwd = await currentDirectory()
  return runProgram(process.argv.slice(2), { env, cwd, stdin, stdout, stderr, paint: createPaint(stdout, env) })
}

async function explain(error: unknown): Promise<number> {
  const { complain } = await import('./complain.ts')
  return complain(error, { stderr: process.stderr, env: process.env })
}

async function currentDirectory(): Promise<string> {
  try {
    return process.cwd()
  } catch (cause) {
    const { Failure } = await import('../contract/errors.ts')
    throw new Failure('USAGE', 'expected a current directory, got one that no longer exists', { cause })
  }
}

function flush(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((done) => {
    stream.write('', () => done())
  })
}
