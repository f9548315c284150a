import assert from 'node:assert/strict'
import { PassThrough } from 'node:stream'
import test from 'node:test'
import { runInit } from '../../src/cli/init.ts'
import { createPaint } from '../../src/cli/paint.ts'
import { Failure } from '../../src/contract/errors.ts'
import { makeCertificate } from '../helpers/certificates.ts'
import { refusedAnswers } from './hostile-answers.ts'
import { project, snapshot } from './init-project.ts'

type Flags = Readonly<Record<string, unknown>>

/** What init said, or the failure it ended with. */
async function run(cwd: string, given: Flags): Promise<Failure | string> {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()]
  const context = { env: { PATH: '/nowhere' }, cwd, stdin, stdout, stderr, paint: createPaint({}, {}) }
  const texts = Object.entries(given).map(([name, value]) => [name, typeof value === 'string' ? [value] : value])
  try {
    await runInit(undefined, { ...Object.fromEntries(texts), yes: true }, context)
    return String(stdout.read() ?? '')
  } catch (error) {
    assert.ok(error instanceof Failure, String(error))
    return error
  }
}

const camel = (name: string) => name.replace(/-(.)/g, (_match, letter: string) => letter.toUpperCase())

async function refuses(cwd: string, given: Flags, complaint: RegExp): Promise<void> {
  const before = snapshot(cwd)
  const failure = await run(cwd, given)
  assert.ok(failure instanceof Failure, `accepted: ${failure}`)
  assert.equal(failure.exit, 2)
  assert.match(
    failure.message.replace(/--([a-z-]+):/g, (_flag, name) => `${camel(name)}:`),
    complaint,
  )
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
  assert.doesNotMatch(failure.message, /[\x00-\x09\x0b-\x1f\x7f\u2028\u202e]/, 'nothing a terminal would obey')
  assert.deepEqual(snapshot(cwd), before, 'nothing is written')
}

test('there are sixty hostile answers and more', () => {
  assert.ok(refusedAnswers.length >= 60)
  assert.equal(new Set(refusedAnswers.map(({ title }) => title)).size, refusedAnswers.length)
})

for (const { title, flags, complaint } of refusedAnswers) {
  test(`refused in one clear sentence, with nothing written: ${title}`, async () => {
    await using dir = await project()
    const { hsts, ...texts } = flags
    await refuses(dir.path, hsts === undefined ? texts : { ...texts, hsts: true }, complaint)
  })
}

test('a certificate that is not for the site, of another key, expired or no certificate at all is refused by name', async () => {
  await using dir = await project()
  const own = await makeCertificate(dir, 'own')
  const other = await makeCertificate(dir, 'other')
  const old = await makeCertificate(dir, 'old', { expired: true })
  const given = (certificate: string, certificateKey: string, domain = 'localhost') => ({
    ...{ tls: 'files', certificate, certificateKey, domain },
  })
  await refuses(dir.path, given(own.certfile, other.keyfile), /certificateKey: .*belongs to another certificate/)
  await refuses(dir.path, given(old.certfile, old.keyfile), /certificate: .*expired/)
  await refuses(dir.path, given(own.certfile, own.keyfile, 'b.test'), /certificate: .*not for b\.test/)
  await refuses(dir.path, given(dir.join('server.js'), own.keyfile), /certificate: .*cannot be read as one/)
  await refuses(dir.path, given(own.certfile, dir.join('server.js')), /certificateKey: .*cannot be read as one/)
  await refuses(dir.path, given(dir.path, own.keyfile), /certificate: .*directory/)
  assert.match(String(await run(dir.path, given(own.certfile, own.keyfile))), /written/)
})

test('a certificate that is not on this machine is for the host, and no reason to refuse', async () => {
  await using dir = await project()
  const files = { certificate: '/nowhere/c.pem', certificateKey: '/nowhere/k.pem' }
  assert.match(String(await run(dir.path, { tls: 'files', domain: 'a.test', ...files })), /written/)
})
