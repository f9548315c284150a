import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import test from 'node:test'
import { placesOf } from '../../src/bundle/places.ts'
import { renderBundle } from '../../src/bundle/render.ts'
import { renderTrial } from '../../src/bundle/trial.ts'
import { type ProxyName, proxies } from '../../src/settings/proxies.ts'
import { goldenBehind } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { needs, program } from './needs.ts'
import { placeSite, read } from './place-site.ts'
import { checkAll, notPassed, rehearse } from './rehearsal.ts'

const others = ['haproxy', 'caddy', 'apache'] as const satisfies readonly ProxyName[]

const testFlags = {
  haproxy: ['-c', '-f'],
  caddy: ['validate', '--adapter', 'caddyfile', '--config'],
  apache: ['-t', '-f'],
} as const

// What each says of its own when it has read a file without a complaint.
const contentment =
  /^Syntax OK$|^Configuration file is valid$|^Valid configuration$|"level":"info"|redirects are disabled/

for (const proxy of others) {
  const skip = needs(proxies[proxy].program, 'openssl')

  for (const { name, answers } of goldenBehind(proxy)) {
    test(`${proxies[proxy].title} accepts the site of ${name} without a word`, { skip }, async () => {
      assert.deepEqual(await complaints(proxy, answers), [])
    })
  }

  for (const { name, answers } of goldenBehind(proxy)) {
    test(`a shell understands every command in the runbook of ${name}`, async () => {
      const runbook = renderBundle(answers).find(({ path }) => path === 'RUNBOOK.md')?.content ?? ''
      const blocks = [...runbook.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
      assert.ok(blocks.length >= 2)
      const { code, stderr } = await runProgram('bash', ['-n', '-c', blocks.join('\n')], { env: cleanEnvironment() })
      assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    })
  }

  test(`${proxies[proxy].title} refuses a site with a mistake in it, so its silence means something`, {
    skip,
  }, async () => {
    const [first] = goldenBehind(proxy)
    assert.ok(first)
    const found = await complaints(proxy, first.answers, (text) =>
      text.replace(/Forwarded-Port/g, 'Forwarded Port x {'),
    )
    assert.notDeepEqual(found, [])
  })

  test(`the rehearsed stack behind ${proxies[proxy].title} passes every check that nginx passes`, {
    skip,
  }, async () => {
    await using rehearsal = await rehearse({ site: { proxy, ...(proxy === 'haproxy' && { static: [] }) } })
    assert.equal(rehearsal.frontRefuses, null)
    const without = proxy === 'haproxy' ? { 'static.served-by-nginx': 'skip' } : {}
    const report = await checkAll(rehearsal)
    assert.deepEqual(
      notPassed(report),
      without,
      JSON.stringify(report.checks.filter(({ status }) => status !== 'pass')),
    )
  })
}

type Answers = ReturnType<typeof goldenBehind>[number]['answers']

async function complaints(proxy: (typeof others)[number], given: Answers, change = (text: string) => text) {
  await using dir = await tempDir()
  const { answers, fileOf } = await placeSite(dir.path, given)
  const site = fileOf(placesOf(answers).siteFile)
  writeFileSync(site, change(read(site)))
  const scratch = dir.join('scratch')
  mkdirSync(scratch)
  const trial = change(renderTrial(answers, { site, scratch, user: null, foreground: true }))
  const args = [...testFlags[proxy], await dir.write('trial.conf', trial)]
  const { code, stdout, stderr } = await runProgram(program(proxies[proxy].program), args, { env: cleanEnvironment() })
  const lines = `${stdout}\n${stderr}`.split('\n').filter((line) => line !== '' && !contentment.test(line))
  return code === 0 ? lines : [`status ${code}`, ...lines]
}
