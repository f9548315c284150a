import assert from 'node:assert/strict'
import { copyFileSync } from 'node:fs'
import { test } from 'node:test'
import tls from 'node:tls'
import { type Certificate, makeCertificate } from '../helpers/certificates.ts'
import { request } from '../helpers/http-request.ts'
import { startLoad } from '../helpers/load.ts'
import { spawnGroup } from '../helpers/process-group.ts'
import { launcher } from '../helpers/repository.ts'
import { startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { settled, until } from '../helpers/until.ts'

const flagsOf = ({ certfile, keyfile }: Pick<Certificate, 'certfile' | 'keyfile'>, ...more: readonly string[]) => [
  ...['--certfile', certfile, '--keyfile', keyfile],
  ...more,
]

type Greeting = {
  readonly name: string | undefined
  readonly protocol: string | null
  readonly alpn: string | false | null
}

/** What a server says of itself in a handshake; rejects when there is none. */
function greet(port: number, options: tls.ConnectionOptions = {}): Promise<Greeting> {
  return settled(
    new Promise((resolve, reject) => {
      const socket = tls.connect({
        host: '127.0.0.1',
        port,
        servername: 'localhost',
        rejectUnauthorized: false,
        ...options,
      })
      socket.once('error', reject)
      socket.once('secureConnect', () => {
        const name = socket.getPeerCertificate().subject?.CN
        resolve({
          name: Array.isArray(name) ? name[0] : name,
          protocol: socket.getProtocol(),
          alpn: socket.alpnProtocol,
        })
        socket.destroy()
      })
    }),
  )
}

test('a reload brings a new certificate into use and drops no connection; one that is expired, broken or of another key changes nothing', async () => {
  await using dir = await tempDir()
  const [used, first, second] = [
    await makeCertificate(dir, 'used'),
    await makeCertificate(dir, 'a', { name: 'first' }),
    await makeCertificate(dir, 'b', { name: 'second' }),
  ]
  const old = await makeCertificate(dir, 'c', { name: 'old', expired: true })
  const install = ({ certfile, keyfile }: Certificate): void => {
    copyFileSync(keyfile, used.keyfile)
    copyFileSync(certfile, used.certfile)
  }
  install(first)
  await using server = await startServer({
    app: 'obedient',
    bind: 'tcp',
    flags: flagsOf(used, '--drain-idle', '5', '-w', '2'),
  })
  const { port } = server
  assert.equal((await greet(port)).name, 'first')
  await using load = startLoad({ target: { port }, connections: 2, path: '/sleep/5', tls: true })
  await load.progress(20)
  install(second)
  server.signal('SIGHUP')
  await server.expectLog(/reloaded: 2 workers/)
  await until(async () => (await greet(port)).name === 'second')
  for (const [certificate, why] of [
    [old, /expired on 2002-/],
    [{ ...first, certfile: second.certfile }, /expected the key of the certificate/],
    [{ ...first, certfile: first.keyfile }, /expected a certificate in PEM/],
  ] as const) {
    install(certificate)
    server.signal('SIGHUP')
    await server.expectLog(why)
    assert.equal((await greet(port)).name, 'second')
  }
  await load.progress(20)
  const { sent, answered, lost } = await load.stop()
  assert.deepEqual({ lost, answered }, { lost: [], answered: sent })
})

test('a certificate that does not fit its key ends the start with status 2 and says which files do not fit', async () => {
  await using dir = await tempDir()
  const [one, other] = [await makeCertificate(dir, 'one'), await makeCertificate(dir, 'other')]
  const wrong: readonly (readonly [files: { certfile: string; keyfile: string }, words: RegExp])[] = [
    [
      { ...one, keyfile: other.keyfile },
      /expected the key of the certificate in \S+one\.pem, got another one \(ec\) in \S+other\.key/,
    ],
    [{ ...one, certfile: dir.join('none.pem') }, /the certificate cannot be read: ENOENT/],
    [{ ...one, certfile: one.keyfile }, /expected a certificate in PEM in \S+one\.key/],
    [{ ...one, keyfile: one.certfile }, /expected a private key in PEM, without a passphrase, in \S+one\.pem/],
  ]
  for (const [files, words] of wrong) {
    const args = [launcher, 'serve', '--bind', '127.0.0.1:0', ...flagsOf(files), 'test/apps/echo.mjs']
    const { child, ended } = spawnGroup(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    let said = ''
    child.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    assert.equal((await settled(ended)).code, 2, said)
    assert.match(said, words)
    assert.doesNotMatch(said, /\n {4}at /)
  }
})

test('an expired certificate is told of at the start, and served', async () => {
  await using dir = await tempDir()
  const old = await makeCertificate(dir, 'old', { expired: true })
  await using server = await startServer({ app: 'echo', bind: 'tcp', flags: flagsOf(old) })
  await server.expectLog(/the certificate expired on 2002-01-01/)
  assert.equal((await request({ port: server.port }, '/', { tls: true })).status, 200)
})

test('TLS is what Mozilla calls intermediate: 1.2 and 1.3 with forward secrecy, nothing older', async () => {
  await using dir = await tempDir()
  await using server = await startServer({ app: 'echo', bind: 'tcp', flags: flagsOf(await makeCertificate(dir, 'a')) })
  const { port } = server
  assert.equal((await greet(port)).protocol, 'TLSv1.3')
  assert.deepEqual(await greet(port, { maxVersion: 'TLSv1.2', ALPNProtocols: ['h2', 'http/1.1'] }), {
    ...{ name: 'localhost', protocol: 'TLSv1.2', alpn: 'http/1.1' },
  })
  const weak: readonly tls.ConnectionOptions[] = [
    { maxVersion: 'TLSv1.1', minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' },
    { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' },
    { maxVersion: 'TLSv1.2', ciphers: 'AES128-GCM-SHA256' },
    { ALPNProtocols: ['spdy/3'] },
  ]
  for (const options of weak) await assert.rejects(greet(port, options))
})

test('version and cipher suites can be narrowed', async () => {
  await using dir = await tempDir()
  const certificate = await makeCertificate(dir, 'a')
  const flags = flagsOf(certificate, '--tls-min-version', 'TLSv1.3')
  await using modern = await startServer({ app: 'echo', bind: 'tcp', flags })
  await assert.rejects(greet(modern.port, { maxVersion: 'TLSv1.2' }))
  await using narrow = await startServer({
    ...{ app: 'echo', bind: 'tcp', flags: flagsOf(certificate, '--ciphers', 'ECDHE-ECDSA-AES256-GCM-SHA384') },
  })
  await greet(narrow.port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES256-GCM-SHA384' })
  await assert.rejects(greet(narrow.port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-GCM-SHA256' }))
})

test('where client certificates are asked for, only those of our authorities are let in', async () => {
  await using dir = await tempDir()
  const [ours, theirs] = [
    await makeCertificate(dir, 'ours', { name: 'ours' }),
    await makeCertificate(dir, 'theirs', { name: 'theirs' }),
  ]
  const [friend, stranger] = [
    await makeCertificate(dir, 'friend', { issuer: ours }),
    await makeCertificate(dir, 'stranger', { issuer: theirs }),
  ]
  const status = (port: number, client: Partial<Certificate>): Promise<number | 'refused'> =>
    request({ port }, '/', { tls: { ...client, rejectUnauthorized: false } }).then(
      (answer) => answer.status,
      () => 'refused' as const,
    )
  const served: Record<string, unknown> = {}
  for (const reqs of ['optional', 'required']) {
    const flags = flagsOf(ours, '--ca-certs', ours.certfile, '--cert-reqs', reqs)
    await using server = await startServer({ app: 'echo', bind: 'tcp', flags })
    served[reqs] = [
      await status(server.port, {}),
      await status(server.port, friend),
      await status(server.port, stranger),
    ]
  }
  assert.deepEqual(served, { optional: [200, 200, 'refused'], required: ['refused', 200, 'refused'] })
})
