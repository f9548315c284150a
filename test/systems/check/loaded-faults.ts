import assert from 'node:assert/strict'
import { hostChecks } from '../../../src/deploy/checks/host-table.ts'
import { demoFlags } from '../../stack/check/demo-flags.ts'
import { type FileFault, fileFaults } from '../../stack/check/file-faults.ts'
import { noteFault } from '../../stack/check/matrix.ts'
import type { System } from '../system.ts'
import { check, complaints } from './seed.ts'

const project = '/srv/demo'

/** Files that are in force once systemd has read them again: nginx and tsicorn are asked, and logrotate comes at night. */
const files = [
  ...['/etc/nginx/sites-available/demo.conf', '/etc/systemd/system/demo.service', '/etc/systemd/system/demo.socket'],
  ...['/etc/demo/tsicorn.config.json', '/etc/logrotate.d/demo'],
]

/** nginx looks for every key that is named. */
const otherKey = 'cp /etc/demo/tls/privkey.pem /etc/demo/tls/other.pem'

const install = `mkdir -p ${project}/static; cd ${project}; echo hello > static/a.txt; echo '{ "type": "module" }' > package.json
echo 'export default (_request, response) => response.end("hello")' > app.js
tsicorn init --yes ${demoFlags.map((flag) => `'${flag}'`).join(' ')}; tsicorn deploy; ${otherKey}`

const loadedId = ({ seenBy }: FileFault) => seenBy.replace('files.', 'loaded.')

/** Syntax is told by the programs themselves, and the watchdog in force is that of the start: both are seeded for themselves. */
const elsewhere = ['loaded.watchdog']

const inForce = fileFaults.filter(
  (fault) => hostChecks.some(({ id }) => id === loadedId(fault)) && !elsewhere.includes(loadedId(fault)),
)

/** Seeds what can be wrong with what is loaded, as much at a time as does not stand in one another's way, and pastes the fix. */
export async function seedLoaded(system: System): Promise<void> {
  await system.run(install, { within: 120_000 })
  assert.deepEqual(await complaintsOf(system), {})
  let left = inForce
  while (left.length > 0) {
    const seeded = await seed(system, left)
    assert.ok(seeded.length > 0, `each can be seeded: ${left.map(({ words }) => words).join(', ')}`)
    const { checks } = await check(system, '--layer host', project)
    const bad = checks.filter(({ id, status }) => id.startsWith('loaded.') && status === 'fail')
    assert.deepEqual(
      bad.map(({ id }) => id).sort(),
      [...new Set(seeded.map(loadedId))].sort(),
      bad.map(({ id, found }) => `${id}: ${found}`).join('\n'),
    )
    const [fix, ...others] = new Set(bad.map((one) => one.fix))
    assert.ok(typeof fix === 'string' && others.length === 0, 'one command mends all of it')
    await system.run(fix, { within: 120_000 })
    assert.deepEqual(await complaintsOf(system), {}, `nothing is wrong after ${fix}`)
    for (const fault of seeded)
      noteFault({ words: `${fault.words}, loaded`, seenBy: loadedId(fault), fix, clean: true })
    left = left.filter((fault) => !seeded.includes(fault))
  }
}

async function complaintsOf(system: System): Promise<Readonly<Record<string, string>>> {
  return complaints(await check(system, '--layer host', project))
}

/** Puts as many as possible into the files in place; those that changed something. */
async function seed(system: System, faults: readonly FileFault[]): Promise<readonly FileFault[]> {
  const seeded: FileFault[] = []
  for (const path of files) {
    const before = `${await system.run(`cat ${path}`)}\n`
    let content = before
    for (const fault of faults.filter(({ file }) => path.endsWith(file))) {
      const changed = content.replace(fault.from, fault.to)
      if (changed !== content) seeded.push(fault)
      content = changed
    }
    if (content !== before) await system.run(`cat > ${path}`, { input: content })
  }
  await system.run('systemctl daemon-reload')
  return seeded
}
