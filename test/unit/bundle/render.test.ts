import assert from 'node:assert/strict'
import test from 'node:test'
import { exitCodes } from '../../../src/contract/exit-codes.ts'
import { reopenSignal } from '../../../src/contract/signals.ts'
import { serverTable } from '../../../src/settings/server-table.ts'
import { readSite } from '../../../src/settings/site-answers.ts'
import { completeAnswers } from '../../../src/settings/site-table.ts'
import { findAll, parseNginx } from './parse-nginx.ts'
import { parseUnit, valuesOf } from './parse-unit.ts'
import { fileOf, full, render, renderAll } from './site.ts'

const files = render(full)
const nginx = parseNginx(fileOf(files, 'sites-available/shop.conf'))
const service = parseUnit(fileOf(files, 'shop.service'))
const socket = parseUnit(fileOf(files, 'shop.socket'))
const server = JSON.parse(fileOf(files, 'tsicorn.config.json'))

const milliseconds = (text: string) => {
  const reading = serverTable.timeout.kind.parse(text)
  assert.ok(reading.ok, text)
  return reading.value
}
const one = (name: string, from = nginx) => {
  const found = findAll(from, name)
  assert.equal(found.length, 1, `one ${name}`)
  return found[0]?.words.slice(1) ?? []
}
const unit = (key: string) => {
  const values = valuesOf(service, key)
  assert.equal(values.length, 1, `one ${key}`)
  return values[0] ?? ''
}

test('the same answers give the same bytes, whatever the order they were given in', () => {
  const reversed = Object.fromEntries(Object.entries(full).reverse())
  assert.deepEqual(renderAll(reversed), renderAll(full))
})

test('the bundle has the files of the contract, sorted, and no other', () => {
  assert.deepEqual(
    renderAll(full).map(({ path, mode }) => `${mode.toString(8)} ${path}`),
    [
      '644 RUNBOOK.md',
      '644 etc/logrotate.d/shop',
      '644 etc/nginx/sites-available/shop.conf',
      '644 etc/nginx/tsicorn/shop/headers.conf',
      '644 etc/nginx/tsicorn/shop/pages/busy.html',
      '644 etc/nginx/tsicorn/shop/pages/maintenance.html',
      '644 etc/nginx/tsicorn/shop/pages/unavailable.html',
      '640 etc/shop/env',
      '644 etc/shop/tsicorn.config.json',
      '644 etc/systemd/system/shop.service',
      '644 etc/systemd/system/shop.socket',
      '644 etc/sysusers.d/shop.conf',
      '644 etc/tmpfiles.d/shop.conf',
      '644 site.json',
    ],
  )
})

test('a server that logs to the journal needs no rotation', () => {
  const paths = Object.keys(render({ ...full, logs: 'journal' }))
  assert.equal(
    paths.some((path) => path.includes('logrotate')),
    false,
  )
})

test('where the distribution has no sites-available, the site stands in conf.d', () => {
  const paths = Object.keys(render({ ...full, nginxLayout: 'conf.d' }))
  assert.ok(paths.includes('etc/nginx/conf.d/shop.conf'))
})

test('site.json holds every answer, and reads back to the same site', () => {
  const settled = readSite(JSON.parse(fileOf(files, 'site.json')), 'site.json')
  assert.deepEqual(settled, { ok: true, answers: completeAnswers(full) })
})

test('nginx, the socket unit and the server know the same sockets, one for each worker', () => {
  const sockets = ['/run/shop/1.sock', '/run/shop/2.sock', '/run/shop/3.sock']
  const [upstream] = findAll(nginx, 'upstream')
  const servers = findAll(upstream?.block ?? [], 'server').map(({ words }) => words[1])
  assert.deepEqual(
    servers,
    sockets.map((path) => `unix:${path}`),
  )
  assert.deepEqual(valuesOf(socket, 'Socket.ListenStream'), sockets)
  assert.deepEqual(server.bind, ['unix:/run/shop/{slot}.sock'])
  assert.equal(server.workers, sockets.length)
})

test('nginx closes an idle connection before a leaving worker does, and that before a staying one', () => {
  const [upstream] = findAll(nginx, 'upstream')
  const [keep = ''] = one('keepalive_timeout', upstream?.block ?? [])
  assert.ok(milliseconds(keep) < milliseconds(server.drainIdle))
  assert.ok(milliseconds(server.drainIdle) < milliseconds(server.keepAlive))
  assert.ok(milliseconds(server.drainIdle) < milliseconds(server.gracefulTimeout))
})

test('systemd waits longer than the server does, for a start and for a stop', () => {
  const stop = milliseconds(server.drainDelay) + milliseconds(server.gracefulTimeout)
  assert.ok(milliseconds(unit('Service.TimeoutStopSec')) > stop)
  assert.ok(milliseconds(unit('Service.TimeoutStartSec')) > milliseconds(server.bootTimeout))
})

test('the status path and its delay are told to the server, and only where they are wanted', () => {
  assert.deepEqual([server.statusPath, milliseconds(server.drainDelay)], ['/-/status', 15_000])
  const plain = JSON.parse(fileOf(render({ name: 'shop' }), 'tsicorn.config.json'))
  assert.deepEqual([plain.statusPath, plain.drainDelay], [undefined, undefined])
})

test('nginx waits longer for a worker than a hung one lives', () => {
  const times = findAll(nginx, 'proxy_read_timeout').map(({ words }) => words[1])
  assert.deepEqual(times, ['60s', '60s', '1h'])
  assert.ok(milliseconds('60s') > milliseconds(server.timeout))
})

test('systemd does not repeat a start that cannot succeed', () => {
  assert.equal(unit('Service.RestartPreventExitStatus'), `${exitCodes.usage} ${exitCodes.appLoad}`)
})

test('rotation sends the signal that reopens logs, to the master alone, and copies nothing', () => {
  const rotation = fileOf(files, 'logrotate.d/shop')
  assert.match(rotation, new RegExp(`systemctl kill -s ${reopenSignal.slice(3)} --kill-whom=main shop\\.service`))
  assert.doesNotMatch(rotation, /^\s*copytruncate/m)
})

test('the spelling of systemctl follows the version of systemd', () => {
  const rotation = fileOf(render({ ...full, systemdVersion: 249 }), 'logrotate.d/shop')
  assert.match(rotation, /systemctl kill -s USR1 --kill-who=main/)
})

test('the queue of the sockets is as long as the server asks for', () => {
  assert.deepEqual(valuesOf(socket, 'Socket.Backlog'), [String(server.backlog)])
})

test('only nginx and the application may open the sockets', () => {
  assert.deepEqual(valuesOf(socket, 'Socket.SocketMode'), ['0660'])
  assert.deepEqual(valuesOf(socket, 'Socket.SocketGroup'), ['www-data'])
  assert.match(fileOf(files, 'tmpfiles.d/shop.conf'), /^d \/run\/shop 2750 shop www-data -$/m)
})

test('V8 is allowed to write the code it runs', () => {
  assert.deepEqual(valuesOf(service, 'Service.MemoryDenyWriteExecute'), [])
})

test('an application in a home or temporary directory is not hidden from its own service', () => {
  const hidden = (workingDirectory: string) => {
    const entries = parseUnit(fileOf(render({ ...full, workingDirectory }), 'shop.service'))
    return ['ProtectHome', 'PrivateTmp'].flatMap((key) => valuesOf(entries, `Service.${key}`)).join(' ')
  }
  assert.equal(hidden('/srv/shop'), 'yes yes')
  assert.equal(hidden('/home/shop/app'), 'read-only yes')
  assert.equal(hidden('/tmp/shop'), 'yes no')
})

test('a state directory outside /var/lib is made by tmpfiles and opened to the service', () => {
  const moved = render({ ...full, stateDirectory: '/data/shop' })
  const entries = parseUnit(fileOf(moved, 'shop.service'))
  assert.ok(valuesOf(entries, 'Service.ReadWritePaths').includes('/data/shop'))
  assert.ok(valuesOf(entries, 'Service.Environment').includes('STATE_DIRECTORY=/data/shop'))
  assert.match(fileOf(moved, 'tmpfiles.d/shop.conf'), /^d \/data\/shop 0750 shop shops -$/m)
})

test('the runbook installs every file of the bundle', () => {
  const runbook = fileOf(files, 'RUNBOOK.md')
  for (const { path } of renderAll(full).filter(({ path }) => path.startsWith('etc/'))) {
    assert.match(runbook, new RegExp(`install -D -m 0\\d{3}.* ${path} /${path}`), path)
  }
})

test('the runbook never overwrites the secrets of a host', () => {
  assert.match(fileOf(files, 'RUNBOOK.md'), /^test -e \/etc\/shop\/env \|\| install .* \/etc\/shop\/env$/m)
})
