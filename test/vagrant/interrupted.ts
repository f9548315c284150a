// Run by main.ts after the tests in a machine: what is left of a run that does not come to its end.
import assert from 'node:assert/strict'
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** The names of the processes in a network, by its link in /proc. */
function processesIn(network: string): readonly string[] {
  return readdirSync('/proc').flatMap((entry) => {
    try {
      return readlinkSync(`/proc/${entry}/ns/net`) === network ? [readFileSync(`/proc/${entry}/comm`, 'utf8')] : []
    } catch {
      return []
    }
  })
}

const interfaces = () => readdirSync('/sys/class/net').sort()

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  test(`a run that ends by ${signal} while its machine starts leaves no process, interface or folder`, async () => {
    await using dir = await tempDir()
    const before = interfaces()
    const words = ['--import', 'tsx', join(import.meta.dirname, 'main.ts'), 'sockets']
    const env = { ...process.env, TMPDIR: dir.path }
    const run = spawnGroup(process.execPath, words, { env, cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] })
    let said = ''
    run.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
    const target = () => /nsenter --target (\d+)/.exec(said)?.[1]
    const host = await until(target, { what: 'a host of the run’s own', within: 300_000 })
    const network = readlinkSync(`/proc/${host}/ns/net`)
    assert.notEqual(network, readlinkSync('/proc/self/ns/net'))
    const isThere = () => processesIn(network).some((name) => name.startsWith('qemu-system'))
    await until(isThere, { what: 'a machine', within: 300_000 })
    assert.deepEqual(interfaces(), before)
    process.kill(run.pid, signal)
    await run.ended
    await until(() => processesIn(network).length === 0, { what: 'no process to be left' })
    await until(() => readdirSync(dir.path).length === 0, { what: 'no folder to be left' })
    assert.deepEqual(interfaces(), before)
    await run.kill()
  })
}
