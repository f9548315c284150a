import assert from 'node:assert/strict'
import { appendFileSync } from 'node:fs'
import test from 'node:test'
import { renderBundle } from '../../src/bundle/render.ts'
import { goldenUnder } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { needs, program } from './needs.ts'
import { installedSystemd, placeSite } from './place-site.ts'

const skip = needs('systemd-analyze', 'openssl')

// The score is ten times what `systemd-analyze security` prints: 1.5 is the budget.
const budget = 15

const analyze = async (...args: readonly string[]) => {
  const { code, stderr } = await runProgram(program('systemd-analyze'), args, { env: cleanEnvironment() })
  return { code, stderr }
}

const verify = (unit: string, ending: readonly string[] = ['.service', '.socket']) =>
  analyze('verify', '--man=no', ...ending.map((one) => `${unit}${one}`))

for (const { name, answers } of goldenUnder('systemd')) {
  test(`systemd accepts the units of ${name} without a word`, { skip }, async () => {
    await using dir = await tempDir()
    const { fileOf } = await placeSite(dir.path, answers)
    // It exits 0 with "Unknown key, ignoring": what it says is what counts.
    assert.deepEqual(await verify(fileOf(`etc/systemd/system/${answers.name}`)), { code: 0, stderr: '' })
  })

  test(`the service of ${name} is exposed no more than the budget allows`, { skip }, async () => {
    await using dir = await tempDir()
    const systemdVersion = Math.min(answers.systemdVersion, installedSystemd())
    const service = renderBundle({ ...answers, systemdVersion }).find(({ path }) => path.endsWith('.service'))
    const unit = await dir.write(`${answers.name}.service`, service?.content ?? '')
    const { code, stderr } = await analyze('security', '--offline=true', `--threshold=${budget}`, '--no-pager', unit)
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  })
}

test('systemd complains of a unit with a mistake in it, so its silence means something', { skip }, async () => {
  await using dir = await tempDir()
  const [first] = goldenUnder('systemd')
  assert.ok(first)
  const { answers, fileOf } = await placeSite(dir.path, first.answers)
  const unit = fileOf(`etc/systemd/system/${answers.name}`)
  appendFileSync(`${unit}.service`, '\n[Service]\nKillModee=mixed\n')
  assert.match((await verify(unit)).stderr, /KillModee/)
})
