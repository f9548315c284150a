import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const app = 'export default (request, response) => response.end()\n'

/** The longest a server may take to start, and then to end, in milliseconds. */
const patience = 30_000

/**
 * Lets a server start, be ready and end, and keeps what V8 has compiled of it until then: what a start needs, and hardly
 * anything else. Without it everything works, and starts slower.
 */
export async function compileAhead(dist) {
  const folder = mkdtempSync(join(tmpdir(), 'tsicorn-'))
  const given = join(folder, 'app.mjs')
  writeFileSync(given, app)
  const args = [join(dist, 'cli', 'main.cjs'), 'serve', '-b', `unix:${join(folder, 's')}`, '-w', '1', given]
  const foreign = /^(?:NODE_OPTIONS|TSICORN_.*|NOTIFY_SOCKET|WATCHDOG_.*|LISTEN_.*)$/
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)))
  const child = spawn(process.execPath, ['--require', join(import.meta.dirname, 'keep-compiled.cjs'), ...args], {
    ...{ cwd: folder, env, timeout: patience, killSignal: 'SIGKILL' },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said += text
    if (said.includes('master.ready')) child.kill('SIGTERM')
  })
  const [code] = await once(child, 'close')
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0) process.stderr.write(`Nothing is compiled ahead, because a server cannot start here:\n${said}`)
}
