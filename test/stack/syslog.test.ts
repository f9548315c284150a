import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import test from 'node:test'
import { freePort } from '../helpers/free-port.ts'
import { request } from '../helpers/http-request.ts'
import { type Server, startServer } from '../helpers/start-server.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'
import { needs } from './needs.ts'
import { type Rsyslog, startRsyslog } from './rsyslog.ts'

const skip = needs('rsyslogd')

function start(to: string, flags: readonly string[] = []): Promise<Server> {
  const own = ['--log-syslog', '--log-syslog-to', to, '--log-syslog-facility', 'local3', '--log-syslog-prefix', 'shop']
  return startServer({ app: 'obedient', flags: [...own, ...flags] })
}

/** Starts, asks, stops, and returns when rsyslog has it all. */
async function live(rsyslog: Rsyslog, to: string): Promise<void> {
  await using server = await start(to)
  await request(server.target, '/a?b="]c', { headers: { 'User-Agent': 'x"]\\' } })
  await until(() => rsyslog.messages().some(({ app }) => app === 'tsicorn.shop.access'))
  await server.stop()
  await until(() => rsyslog.messages().some(({ msg }) => /stopping gracefully/.test(msg ?? '')))
}

/** Facility local3, 19, with the severities info and warning (RFC 5424, 6.2.1). */
const info = String(19 * 8 + 6)

function checkStandard(rsyslog: Rsyslog): void {
  const messages = rsyslog.messages()
  const ready = messages.filter(({ msgid }) => msgid === 'master.ready')
  assert.equal(ready.length, 1)
  assert.deepEqual([ready[0]?.pri, ready[0]?.app], [info, 'tsicorn.shop.error'])
  assert.match(ready[0]?.msg ?? '', /^ ?ready: 1 of 1 workers serve$/)
  assert.equal(ready[0]?.data, '[tsicorn@32473 event="master.ready"]')
  const access = messages.filter(({ app }) => app === 'tsicorn.shop.access')
  assert.equal(access.length, 1)
  assert.match(access[0]?.msg ?? '', /"GET \/a\?b=\\x22]c HTTP\/1\.1" 200 /)
  assert.deepEqual([access[0]?.pri, access[0]?.msgid], [info, 'access'])
  assert.match(access[0]?.time ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d+/)
}

test('rsyslog understands what comes over UDP', { skip }, async () => {
  await using dir = await tempDir()
  const port = await freePort()
  await using rsyslog = await startRsyslog(dir, `input(type="imudp" address="127.0.0.1" port="${port}")`)
  await live(rsyslog, `udp://127.0.0.1:${port}`)
  checkStandard(rsyslog)
})

test('rsyslog understands what comes over TCP, each message with its length', { skip }, async () => {
  await using dir = await tempDir()
  const port = await freePort()
  await using rsyslog = await startRsyslog(dir, `input(type="imtcp" address="127.0.0.1" port="${port}")`)
  await live(rsyslog, `tcp://127.0.0.1:${port}`)
  checkStandard(rsyslog)
})

test('rsyslog understands what comes to a socket such as /dev/log, as it would of any program', { skip }, async () => {
  await using dir = await tempDir()
  const socket = dir.join('log')
  await using rsyslog = await startRsyslog(dir, `input(type="imuxsock" Socket="${socket}")`)
  await live(rsyslog, `unix://${socket}#dgram`)
  const messages = rsyslog.messages()
  const [ready] = messages.filter(({ msg }) => / ready: 1 of 1 workers/.test(` ${msg}`))
  assert.deepEqual([ready?.pri, ready?.app], [info, 'tsicorn.shop.error'])
  assert.match(ready?.procid ?? '', /^\d+$/)
  assert.equal(messages.filter(({ app }) => app === 'tsicorn.shop.access').length, 1)
})

test('RFC 5424 goes to a unix socket too where the daemon is told to expect it', { skip }, async () => {
  await using dir = await tempDir()
  const socket = dir.join('log')
  const input = `input(type="imuxsock" Socket="${socket}" UseSpecialParser="off")`
  await using rsyslog = await startRsyslog(dir, input)
  await using server = await start(`unix://${socket}`, ['--log-syslog-format', 'rfc5424'])
  await until(() => rsyslog.messages().some(({ msgid }) => msgid === 'master.ready'))
  const [ready] = rsyslog.messages().filter(({ msgid }) => msgid === 'master.ready')
  assert.deepEqual([ready?.app, ready?.procid], ['tsicorn.shop.error', String(server.pid)])
})

test('a syslog that is started anew gets what came meanwhile, from master and workers', { skip }, async () => {
  await using dir = await tempDir()
  const socket = dir.join('log')
  const input = `input(type="imuxsock" Socket="${socket}")`
  const first = await startRsyslog(dir, input)
  await using server = await start(`unix://${socket}`)
  await first[Symbol.asyncDispose]()
  rmSync(dir.join('rsyslog.pid'), { force: true })
  rmSync(dir.join('out'), { force: true })
  for (const number of [1, 2, 3]) await request(server.target, `/meanwhile/${number}`)
  server.signal('SIGTTIN')
  await server.expectLog(/2 workers wanted/)
  await using again = await startRsyslog(dir, input)
  const heard = (text: RegExp): number => again.messages().filter(({ msg }) => text.test(msg ?? '')).length
  await until(() => heard(/GET \/meanwhile\//) === 3 && heard(/2 workers wanted/) === 1)
})

test('a syslog that is not there costs no request, and its lost lines are counted', { skip }, async () => {
  await using dir = await tempDir()
  const socket = dir.join('log')
  await using server = await start(`unix://${socket}`)
  const path = `/${'x'.repeat(5000)}`
  const count = 300
  for (let number = 0; number < count; number += 1) await request(server.target, `${path}${number}`)
  await server.expectLog(/syslog takes no messages/)
  await using rsyslog = await startRsyslog(dir, `input(type="imuxsock" Socket="${socket}")`)
  const line = await server.expectLog(/messages to syslog were lost/)
  const { lost } = JSON.parse(line) as { readonly lost: number }
  const arrived = () => rsyslog.messages().filter(({ app }) => app === 'tsicorn.shop.access').length
  await until(() => arrived() + lost === count)
  assert.ok(lost > 0 && arrived() > 0)
})

test('access lines stay out of syslog when told to', { skip }, async () => {
  await using dir = await tempDir()
  const port = await freePort()
  await using rsyslog = await startRsyslog(dir, `input(type="imudp" address="127.0.0.1" port="${port}")`)
  await using server = await start(`udp://127.0.0.1:${port}`, ['--disable-redirect-access-to-syslog'])
  await request(server.target, '/')
  await server.stop()
  await until(() => rsyslog.messages().some(({ msg }) => /stopping gracefully/.test(msg ?? '')))
  assert.equal(rsyslog.messages().filter(({ app }) => app?.endsWith('.access')).length, 0)
})
