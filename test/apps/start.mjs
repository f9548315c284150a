// `npm start`: the guestbook behind the whole stack, from files that are generated for this run and removed after it.
// What is given after `npm start --` goes to `tsicorn rehearse`.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { constants, tmpdir } from 'node:os'
import { join } from 'node:path'

const repository = join(import.meta.dirname, '..', '..')
const launcher = join(repository, 'bin', 'tsicorn.js')
const guestbook = join(import.meta.dirname, 'guestbook')

const answers = [
  ...['--name', 'guestbook', '--app', 'app.js', '--working-directory', guestbook, '--domain', 'localhost'],
  ...['--workers', '2', '--tls', 'self-signed', '--health-path', '/healthz'],
  ...['--static', `/static=${join(guestbook, 'static')}`],
]

/** The program that runs at the moment, and the signal that ended the run, if one did. */
let child
let ending

/** A terminal sends Ctrl-C to all of its processes, npm and other supervisors to this one only. */
function passOn(signal) {
  ending = signal
  child?.kill(signal)
}

/** Runs a program to its end and returns its exit status; what it says on a pipe is shown only when it fails. */
function run(args, stdio) {
  if (ending !== undefined) return 128 + constants.signals[ending]
  child = spawn(process.execPath, args, { cwd: repository, stdio })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk) => {
      output += chunk
    })
  }
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      if (code !== 0 && ending === undefined) process.stderr.write(output)
      resolve(code ?? 128 + constants.signals[signal])
    })
  })
}

/** Whether what is built is newer than all it is built from. */
function isBuilt() {
  const modified = (path) => statSync(path).mtimeMs
  const sources = readdirSync(join(repository, 'src'), { recursive: true }).map((name) => join(repository, 'src', name))
  const built = join(repository, 'dist', 'cli', 'main.js')
  return existsSync(built) && Math.max(...sources.map(modified)) < modified(built)
}

async function start(scratch) {
  const quietly = ['ignore', 'pipe', 'pipe']
  const compiler = join(repository, 'node_modules', 'typescript', 'bin', 'tsc')
  const prepared =
    (isBuilt() ? 0 : await run([compiler, '--noEmitOnError'], quietly)) ||
    (await run([launcher, 'init', scratch, '--yes', ...answers], quietly))
  return prepared || run([launcher, 'rehearse', scratch, ...process.argv.slice(2)], 'inherit')
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, passOn)
const scratch = mkdtempSync(join(tmpdir(), 'guestbook-'))
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }))
process.exitCode = await start(scratch)
