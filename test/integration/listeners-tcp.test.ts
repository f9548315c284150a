import assert from 'node:assert/strict'
import { closeSync, openSync } from 'node:fs'
import test from 'node:test'
import koffi from 'koffi'
import { Failure } from '../../src/contract/errors.ts'
import type { Address } from '../../src/contract/listeners.ts'
import { closeListener } from '../../src/system/close-listener.ts'
import { describeFd } from '../../src/system/inherited.ts'
import { libc } from '../../src/system/libc.ts'
import type { Listener, ListenOptions } from '../../src/system/listener.ts'
import { family, socketType } from '../../src/system/numbers.ts'
import { openListener } from '../../src/system/open-listener.ts'
import { openDescriptors, readProc } from '../../src/system/proc.ts'
import { resolveAddress } from '../../src/system/resolve-address.ts'
import { failureOf } from '../helpers/failure-of.ts'
import { startProgram } from '../helpers/start-program.ts'

const isRoot = process.getuid?.() === 0
const options: ListenOptions = { backlog: 16, mode: 0o660, owner: null }
const hasIpv6 = readProc('net/if_inet6')?.includes('00000000000000000000000000000001') ?? false

function openTcp(host: string, port: number): Listener & { address: Extract<Address, { kind: 'tcp' }> } {
  const listener = openListener({ kind: 'tcp', host, port }, options)
  assert.equal(listener.address.kind, 'tcp')
  return listener as ReturnType<typeof openTcp>
}

test('the same port of IPv4 and IPv6 can be bound one beside the other', { skip: !hasIpv6 && 'no IPv6 here' }, () => {
  const ipv6 = openTcp('::', 0)
  const ipv4 = openTcp('0.0.0.0', ipv6.address.port)
  closeListener(ipv6)
  closeListener(ipv4)
})

test('a port in use is refused, naming the process that holds it', async () => {
  await using other = startProgram('hold-listener.ts', {
    args: [{ address: { kind: 'tcp', host: '127.0.0.1', port: 0 }, options }],
  })
  const { address } = JSON.parse(await other.firstLine()) as { address: { port: number } }
  for (const host of ['127.0.0.1', '0.0.0.0']) {
    const { code, message, fix } = failureOf(() => openTcp(host, address.port))
    assert.equal(code, 'BIND_IN_USE')
    assert.equal(message, `${host}:${address.port} is in use by pid ${other.pid} (node hold-listener.ts)`)
    assert.match(fix ?? '', /ss -ltnp/)
  }
})

test('an address given twice is told from one that another process has', () => {
  const listener = openTcp('127.0.0.1', 0)
  assert.match(failureOf(() => openTcp('0.0.0.0', listener.address.port)).message, /in use by this server itself/)
  closeListener(listener)
})

test('an address this machine does not have, and a host name, are refused in words', () => {
  const { code, message } = failureOf(() => openTcp('192.0.2.1', 8000))
  assert.equal(code, 'BIND_REFUSED')
  assert.match(message, /192\.0\.2\.1:8000: no interface of this machine has that address/)
  assert.match(failureOf(() => openTcp('localhost', 8000)).message, /no IP address/)
})

const lowest = Number(readProc('sys/net/ipv4/ip_unprivileged_port_start') ?? 1024)

test('port 80 without root is refused, saying what may be done', { skip: !isRoot && 'needs root' }, async (context) => {
  if (lowest <= 80) return context.skip('port 80 is open to all on this machine')
  await using other = startProgram('hold-listener.ts', {
    args: [{ address: { kind: 'tcp', host: '127.0.0.1', port: 80 }, options, become: 'nobody' }],
  })
  const refused = JSON.parse(await other.firstLine()) as Record<string, string>
  assert.equal(refused['code'], 'BIND_REFUSED')
  assert.equal(
    refused['message'],
    `cannot listen on 127.0.0.1:80: ports below ${lowest} need root or CAP_NET_BIND_SERVICE`,
  )
  assert.match(refused['fix'] ?? '', /systemd socket unit/)
})

test('a listening descriptor is described by its real address, and anything else is refused', async () => {
  const listener = openTcp('127.0.0.1', 0)
  const found = describeFd(listener.fd)
  assert.deepEqual([found.address, found.label, found.isOurs], [listener.address, listener.label, false])
  closeListener(listener)
  assert.match(failureOf(() => describeFd(listener.fd)).message, /fd:\/\/\d+ is not open/)
  const socket = libc().socket(family.ipv4, socketType.stream)
  assert.match(failureOf(() => describeFd(socket)).message, /fd:\/\/\d+ is a socket that does not listen/)
  closeSync(socket)
  const file = openSync('/dev/null', 'r')
  assert.match(failureOf(() => describeFd(file)).message, /fd:\/\/\d+ is no socket/)
  closeSync(file)
})

test('a descriptor given as fd://N is kept from programs started later', () => {
  const fcntl = koffi.load(null).func('int fcntl(int, int, ...)')
  const [getFlags, setFlags] = [1, 2]
  const listener = openTcp('127.0.0.1', 0)
  fcntl(listener.fd, setFlags, 'int', 0)
  describeFd(listener.fd)
  assert.equal(fcntl(listener.fd, getFlags), 1)
  closeListener(listener)
})

test('a host name becomes its addresses, and a wrong one is refused in words', async () => {
  const found = await resolveAddress({ kind: 'tcp', host: 'localhost', port: 8000 })
  assert.ok(found.some((address) => address.kind === 'tcp' && address.host === '127.0.0.1' && address.port === 8000))
  assert.deepEqual(await resolveAddress({ kind: 'unix', path: '/run/x' }), [{ kind: 'unix', path: '/run/x' }])
  await assert.rejects(
    resolveAddress({ kind: 'tcp', host: 'nowhere.invalid', port: 8000 }),
    (error) =>
      error instanceof Failure && /nowhere\.invalid:8000: the host name leads to no address/.test(error.message),
  )
})

test('a thousand ports opened and closed leave no descriptor behind, refused ones included', () => {
  const taken = openTcp('127.0.0.1', 0)
  failureOf(() => openTcp('127.0.0.1', taken.address.port))
  const before = openDescriptors('self')?.size
  for (let round = 0; round < 1000; round += 1) closeListener(openTcp('127.0.0.1', 0))
  for (let round = 0; round < 50; round += 1) failureOf(() => openTcp('127.0.0.1', taken.address.port))
  assert.equal(openDescriptors('self')?.size, before)
  closeListener(taken)
})
