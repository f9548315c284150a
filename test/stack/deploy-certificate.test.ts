import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { makeCertificate } from '../helpers/certificate.ts'
import { type DeployHost, deployHost, skipDeploy as skip } from './deploy-host.ts'
import { deployProject } from './deploy-project.ts'

/** A client of the authority that gets a certificate, or is refused one. */
async function certbot(host: DeployHost, refused: boolean): Promise<void> {
  const live = '/etc/letsencrypt/live/demo'
  const make = `openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 90 -subj /CN=real -addext subjectAltName=DNS:demo.example.com -keyout ${live}/privkey.pem -out ${live}/fullchain.pem 2>/dev/null`
  const words = refused ? 'echo "DNS problem: NXDOMAIN" >&2; exit 1' : `mkdir -p ${live}; ${make}`
  await host.dir.write('bin/certbot', `#!/bin/sh\necho "certbot $*" >> ${host.dir.join('told')}\n${words}\n`, 0o755)
}

const site = ['--tls', 'letsencrypt', '--domain', 'demo.example.com', '--email', 'you@example.com']

async function encryptedSite(host: DeployHost) {
  const { cert, key } = makeCertificate(host.dir)
  const server = createServer({ cert: readFileSync(cert), key: readFileSync(key) }, (_request, response) =>
    response.end(),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const project = await deployProject(host)
  await project.init(...site, '--https-listen', `127.0.0.1:${port}`)
  return {
    path: project.path,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await project[Symbol.asyncDispose]()
    },
  }
}

const certificate = (host: DeployHost) => host.run(['readlink', '/etc/demo/tls/fullchain.pem'])

test('without a client of the authority the site has its own certificate, and says what comes next', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await encryptedSite(host)
  const before = await host.tree()
  const { code, stdout, stderr } = await host.deploy(project.path)
  assert.equal(code, 0, stderr)
  assert.match(stdout, /Install certbot .*, then run tsicorn deploy again/)
  const facts = await host.run([
    'openssl',
    'x509',
    '-in',
    '/etc/demo/tls/fullchain.pem',
    '-noout',
    '-ext',
    'subjectAltName',
  ])
  assert.match(facts.stdout, /DNS:demo\.example\.com/)
  assert.ok((await host.tree()).some((line) => line.startsWith('/etc/demo/tls/privkey.pem f 600 0:0 ')))
  assert.equal((await host.deploy(project.path, '--uninstall')).code, 0)
  assert.deepEqual(await host.tree(), before)
})

test('a refused certificate leaves the site with its own, and the next deployment goes on from there', {
  skip,
}, async () => {
  await using host = await deployHost()
  await using project = await encryptedSite(host)
  await certbot(host, true)
  const refused = await host.deploy(project.path)
  assert.equal(refused.code, 1, refused.stderr)
  assert.match(
    refused.stdout,
    /then +certbot certonly .*--agree-tos .*\n +once the site answers; .*you agree to the terms/,
  )
  assert.match(
    refused.stdout,
    /certbot got no certificate:[\s\S]*DNS problem: NXDOMAIN[\s\S]*then run tsicorn deploy again/,
  )
  assert.notEqual((await certificate(host)).code, 0)
  await certbot(host, false)
  host.told()
  const { code, stderr } = await host.deploy(project.path)
  assert.equal(code, 0, stderr)
  assert.equal((await certificate(host)).stdout, '/etc/letsencrypt/live/demo/fullchain.pem\n')
  const [asked, ...told] = host.told()
  assert.match(
    asked ?? '',
    /^certbot certonly .*--webroot-path \/var\/www\/acme --cert-name demo --domain demo\.example\.com --email you@example\.com --deploy-hook systemctl reload nginx$/,
  )
  assert.deepEqual(told, ['reload nginx.service'])
  assert.match((await host.deploy(project.path)).stdout, /^Nothing to do/)
})
