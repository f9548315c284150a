// Run by main.ts: what is left of a run that does not come to its end.
import assert from 'node:assert/strict'
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type ProcessGroup, spawnGroup } from '../helpers/process-group.ts'
import { repository } from '../helpers/repository.ts'
import { type TempDir, tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

/** Milliseconds until what a run begins with has to be there: it fetches a Debian, or boots one. */
const patient = 600_000

/** The bridges and interfaces that libvirt makes for machines. */
const interfaces = () => readdirSync('/sys/class/net').filter((name) => /^(virbr|vnet|tap)/.test(name))
const namespace = (pid: string, kind: 'net' | 'pid') => readlinkSync(`/proc/${pid}/ns/${kind}`)

/** The pids of the processes of which something is true; those that end meanwhile are not among them. */
function processes(isMeant: (pid: string) => boolean): readonly string[] {
  return readdirSync('/proc').filter((entry) => {
    try {
      return /^\d+$/.test(entry) && isMeant(entry)
    } catch {
      return false
    }
  })
}

const textOf = (pid: string, file: 'comm' | 'cmdline' | 'mounts') => readFileSync(`/proc/${pid}/${file}`, 'utf8')

/** A run whose temporary folders are in a folder, and what it says. */
function startRun(
  dir: TempDir,
  given: NodeJS.ProcessEnv,
): { readonly group: ProcessGroup; readonly said: () => string } {
  const temporary = dir.join('tmp')
  mkdirSync(temporary)
  const words = ['--import', 'tsx', join(import.meta.dirname, 'main.ts'), 'sockets']
  const env = { ...process.env, TMPDIR: temporary, ...given }
  const group = spawnGroup(process.execPath, words, { env, cwd: repository, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  group.child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said += text
  })
  return { group, said: () => said }
}

/** Nothing of what the run had in its folder for temporary ones; tsx keeps its translations in one of them. */
function noFolderIsLeft(dir: TempDir): Promise<true> {
  const left = () => readdirSync(dir.join('tmp')).filter((name) => !name.startsWith('tsx-'))
  return until(() => left().length === 0, { what: 'no folder to be left' })
}

for (const signal of ['SIGINT', 'SIGKILL'] as const) {
  test(`a run that ends by ${signal} while its machine starts leaves no process, interface or folder`, async () => {
    await using dir = await tempDir()
    const before = interfaces()
    const { group, said } = startRun(dir, {})
    const target = () => /nsenter --target (\d+)/.exec(said())?.[1]
    const host = await until(target, { what: 'a host of the run’s own', within: patient })
    const network = namespace(host, 'net')
    assert.notEqual(network, namespace('self', 'net'))
    const inside = () => processes((pid) => namespace(pid, 'net') === network)
    const isThere = () => inside().some((pid) => textOf(pid, 'comm').startsWith('qemu-system'))
    await until(isThere, { what: 'a machine', within: patient })
    assert.deepEqual(interfaces(), before)
    process.kill(group.pid, signal)
    await group.ended
    await until(() => inside().length === 0, { what: 'no process to be left' })
    await noFolderIsLeft(dir)
    assert.deepEqual(interfaces(), before)
    await group.kill()
  })
}

for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
  test(`a run that ends by ${signal} while its box is built leaves no process, mount or folder`, async () => {
    await using dir = await tempDir()
    const cache = dir.join('cache')
    const { group } = startRun(dir, { XDG_CACHE_HOME: cache })
    const isOurs = (line: string) => line.includes('mmdebstrap') && line.includes(dir.path)
    const busy = () =>
      processes((pid) => isOurs(textOf(pid, 'cmdline')) && textOf(pid, 'mounts').includes(` ${dir.path}/`))[0]
    const builder = await until(busy, { what: 'a Debian to be unpacked and mounted in', within: patient })
    const world = namespace(builder, 'pid')
    assert.notEqual(world, namespace('self', 'pid'))
    process.kill(group.pid, signal)
    await group.ended
    const inside = () => processes((pid) => namespace(pid, 'pid') === world)
    await until(() => inside().length === 0, { what: 'no process to be left' })
    await noFolderIsLeft(dir)
    assert.ok(!textOf('self', 'mounts').includes(dir.path))
    // Nobody can tidy up after SIGKILL: the next run does (layer-cache.test.ts).
    if (signal !== 'SIGKILL') assert.deepEqual(unfinished(cache), [])
    await group.kill()
  })
}

function unfinished(cache: string): readonly string[] {
  const layers = join(cache, 'tsicorn-systems')
  return existsSync(layers) ? readdirSync(layers).filter((entry) => /^(making|pack)-/.test(entry)) : []
}
