import assert from 'node:assert/strict'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'node:test'
import { DockerfileParser } from 'dockerfile-ast'
import { parse } from 'yaml'
import { renderBundle } from '../../src/bundle/render.ts'
import type { SiteAnswers } from '../../src/settings/site-table.ts'
import { goldenUnder } from '../golden/read-golden.ts'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { needs, program } from './needs.ts'

const skip = needs('docker-compose')

const fileOf = (answers: SiteAnswers, path: string) =>
  renderBundle(answers).find((file) => file.path === path)?.content ?? ''

/** What Compose makes of the files of a site: its own reading of them, or what it complains of. */
async function compose(answers: SiteAnswers, change = (text: string) => text) {
  await using dir = await tempDir()
  for (const { path, content } of renderBundle(answers)) {
    const target = dir.join('deploy', path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, content)
  }
  // The Compose of Debian 12 is older than the name of a project in its file.
  const older = change(fileOf(answers, 'compose.yaml').replace(/^name: .*$/m, ''))
  const file = await dir.write('deploy/older.yaml', older)
  const args = ['-p', answers.name, '-f', file, 'config']
  return await runProgram(program('docker-compose'), args, { env: cleanEnvironment(), cwd: join(dir.path, 'deploy') })
}

for (const { name, answers } of goldenUnder('docker')) {
  test(`Compose accepts the services of ${name}, and reads what was meant`, { skip }, async () => {
    const { code, stdout, stderr } = await compose(answers)
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    const { services, volumes } = parse(stdout)
    for (const service of [services.app, services.front]) {
      assert.deepEqual(service.cap_drop, ['ALL'])
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'])
      assert.deepEqual([service.read_only, service.restart], [true, 'unless-stopped'])
    }
    const { stop_signal, stop_grace_period, healthcheck, init, ports } = services.app
    assert.deepEqual([stop_signal, init, ports], ['SIGTERM', true, undefined])
    const [seconds = 0] = [/^(?:(\d+)m)?(?:(\d+)s)?$/.exec(stop_grace_period)].map((found) =>
      found === null ? 0 : Number(found[1] ?? 0) * 60 + Number(found[2] ?? 0),
    )
    assert.ok(seconds * 1000 > 30_000 + answers.drainDelay, stop_grace_period)
    const config = JSON.parse(fileOf(answers, `etc/${answers.name}/tsicorn.config.json`))
    assert.ok(healthcheck.test[3].includes(JSON.stringify(config.statusPath)))
    assert.equal(config.envFile, undefined)
    assert.equal(volumes.sockets.driver_opts.type, 'tmpfs')
  })

  test(`the Dockerfile of ${name} reads as it was meant: no root, no shell between Docker and node`, () => {
    const dockerfile = DockerfileParser.parse(fileOf(answers, 'Dockerfile'))
    const known = /^(?:ARG|FROM|WORKDIR|COPY|RUN|ENV|USER|STOPSIGNAL|ENTRYPOINT|CMD)$/
    for (const instruction of dockerfile.getInstructions()) assert.match(instruction.getKeyword(), known)
    assert.deepEqual(
      dockerfile.getFROMs().map((from) => from.getBuildStage()),
      ['build', 'app', 'front'],
    )
    const last = (keyword: string) =>
      dockerfile
        .getInstructions()
        .filter((one) => one.getKeyword() === keyword)
        .map((one) => one.getArgumentsContent() ?? '')
    assert.deepEqual(last('USER'), ['10001:10001', '101:10001'])
    assert.deepEqual(last('STOPSIGNAL'), ['SIGTERM', 'SIGQUIT'])
    for (const words of [...last('ENTRYPOINT'), ...last('CMD')]) assert.ok(Array.isArray(JSON.parse(words)), words)
    const copied = dockerfile.getCOPYs().map((copy) => copy.getArgumentsContent() ?? '')
    const own = copied.flatMap((words) => (words.startsWith('deploy/etc') ? [words.split(' ')[0] ?? ''] : []))
    const paths = renderBundle(answers).map(({ path }) => `deploy/${path}`)
    for (const path of own)
      assert.ok(
        paths.some((one) => one.startsWith(path)),
        `${path} is in the bundle`,
      )
  })

  test(`a shell understands every command in the runbook and in the Dockerfile of ${name}`, async () => {
    const runbook = fileOf(answers, 'RUNBOOK.md')
    const blocks = [...runbook.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) => block)
    const codes = [...runbook.matchAll(/`(docker compose [^`\n]+)`/g)].map(([, code = '']) => code)
    assert.ok(blocks.length > 0 && codes.length > 10)
    const runs = DockerfileParser.parse(fileOf(answers, 'Dockerfile'))
      .getInstructions()
      .flatMap((one) => (one.getKeyword() === 'RUN' ? [one.getArgumentsContent() ?? ''] : []))
    assert.ok(runs.length >= 4)
    const script = [...blocks, ...codes, ...runs].join('\n')
    const { code, stderr } = await runProgram('bash', ['-n', '-c', script], { env: cleanEnvironment() })
    assert.deepEqual({ code, stderr }, { code: 0, stderr: '' })
  })
}

test('Compose refuses services with a mistake in them, so its silence means something', { skip }, async () => {
  const [first] = goldenUnder('docker')
  assert.ok(first)
  const { code, stderr } = await compose(first.answers, (text) => text.replace('cap_drop', 'cap_dorp'))
  assert.equal(code, 1)
  assert.match(stderr, /cap_dorp/)
})
