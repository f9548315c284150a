import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import { frontPlaces, placesOf } from '../../src/bundle/places.ts'
import { renderBundle } from '../../src/bundle/render.ts'
import { goldenBehind } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { needs } from './needs.ts'
import { placeSite } from './place-site.ts'
import { echo, secure, serveSite } from './serve-site.ts'

const skip = needs('nginx', 'openssl')

const blocksOf = (text: string) => [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
const inlineOf = (text: string) => [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code)
const runbookOf = (answers: Parameters<typeof renderBundle>[0]) =>
  renderBundle(answers).find(({ path }) => path === 'RUNBOOK.md')?.content ?? ''

for (const { name, answers } of goldenBehind('nginx', ['systemd'])) {
  test(`a shell understands every command in the runbook of ${name}`, async () => {
    const runbook = runbookOf(answers)
    const table = inlineOf(runbook).filter((code) => /^(?:systemctl|tail|journalctl|touch|rm|nginx) /.test(code))
    assert.ok(blocksOf(runbook).length > 8 && table.length > 8)
    const script = [...blocksOf(runbook), ...table].join('\n')
    const { code, stderr } = await runProgram('bash', ['-n', '-c', script], { env: cleanEnvironment() })
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  })

  test(`the runbook of ${name} speaks of no unit, file or directory that the bundle does not have`, () => {
    const runbook = runbookOf(answers)
    const units = [...runbook.matchAll(/\b([\w@-]+)\.(?:service|socket)\b/g)].map(([, unit]) => unit)
    assert.deepEqual([...new Set(units)], [answers.name])
    for (const place of [placesOf(answers).controlSocket, frontPlaces(answers).maintenance, answers.stateDirectory])
      assert.ok(runbook.includes(place), place)
  })
}

// What would reach beyond the scratch folder is recorded instead: service manager, journal, packages, certificates.
const recorded = ['systemctl', 'journalctl', 'logrotate', 'npm', 'pnpm', 'yarn', 'certbot', 'nginx']

for (const { name, answers: given } of goldenBehind('nginx', ['systemd']).filter((golden) =>
  /everything|odd|guestbook|plain/.test(golden.name),
)) {
  test(`every command of the runbook of ${name} for the days after the installation runs as it stands`, {
    skip,
  }, async () => {
    await using dir = await tempDir()
    const { answers } = await placeSite(dir.path, { ...given, workingDirectory: dir.path })
    for (const program of recorded) {
      await dir.write(`bin/${program}`, `#!/bin/sh\necho "${program} $*" >> "${dir.join('told')}"\n`, 0o755)
    }
    const places = placesOf(answers)
    for (const path of [places.accessLog, places.nginxErrorLog, places.serverLog, frontPlaces(answers).maintenance])
      writeFileSync(path, 'a line\n')
    const days = runbookOf(answers).split('## Every day')[1] ?? ''
    for (const block of blocksOf(days)) {
      const env = cleanEnvironment({ PATH: `${dir.join('bin')}:${process.env['PATH']}` })
      const { code, stderr } = await runProgram('bash', ['-e', '-c', block], { env })
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' }, block)
    }
    const told = readFileSync(dir.join('told'), 'utf8')
    assert.match(told, new RegExp(`^systemctl reload ${answers.name}$`, 'm'))
    assert.match(told, /^npm ci --omit=dev$/m)
  })
}

test('the commands that close the site and open it again do so in nginx, without a reload', { skip }, async () => {
  await using site = await serveSite({})
  await site.worker(1, echo)
  await site.worker(2, echo)
  const codes = inlineOf(runbookOf(site.answers))
  const shell = async (start: string) => {
    const command = codes.find((code) => code.startsWith(start)) ?? ''
    assert.equal((await runProgram('bash', ['-e', '-c', command], { env: cleanEnvironment() })).code, 0, command)
  }
  await shell('touch ')
  assert.equal((await secure(site, '/')).status, 503)
  await shell('rm ')
  assert.equal((await secure(site, '/')).status, 200)
})
