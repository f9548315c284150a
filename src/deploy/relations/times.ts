import { findAll, textOf } from '../inspect/nginx-tree.ts'
import { spanOf, told } from '../inspect/quantities.ts'
import { inServers, type Setup, upstreamsOf } from '../inspect/setup.ts'
import { type Finding, type Relation, unless } from './relation.ts'

const group = 'Times'

// What nginx does where the directive is missing (ngx_http_upstream_module, ngx_http_proxy_module).
const nginxDefault = 60_000

export const times: readonly Relation[] = [
  {
    ...{ key: 'keep-alive', group, reads: ['nginx', 'server'] },
    title: 'nginx lets go of idle connections before a worker does',
    why: 'A request on a connection that the worker is just closing is lost: a 502 now and then, for posts without a second try.',
    judge: keepAlive,
  },
  {
    ...{ key: 'read-time', group, reads: ['nginx', 'server'] },
    title: 'nginx waits longer for a worker than the master does',
    why: 'A hung worker should be replaced and named in the log before the visitor gets a 504 that nobody can explain.',
    judge: readTime,
  },
  {
    ...{ key: 'stop-time', group, reads: ['units', 'server'] },
    title: 'systemd gives the service more time to stop than the service gives its workers',
    why: 'systemd would kill workers that are about to finish their requests.',
    judge: ({ service, server }) =>
      longer(
        ['TimeoutStopSec', spanOf(service.one('TimeoutStopSec'))],
        ['gracefulTimeout', server.value('gracefulTimeout')],
      ),
  },
  {
    ...{ key: 'start-time', group, reads: ['units', 'server'] },
    title: 'systemd gives the service more time to start than a worker has',
    why: 'systemd would end a start that is about to succeed.',
    judge: ({ service, server }) =>
      longer(['TimeoutStartSec', spanOf(service.one('TimeoutStartSec'))], ['bootTimeout', server.value('bootTimeout')]),
  },
  {
    ...{ key: 'watchdog', group, reads: ['units', 'server'] },
    title: 'The watchdog is armed, and slower than the replacement of hung workers',
    why: 'Without it a master that hangs stays for ever; a hasty one restarts everything where one worker would do.',
    judge: watchdog,
  },
]

function keepAlive(setup: Setup): Finding {
  const { server } = setup
  const kept = upstreamsOf(setup).map(({ block }) => spanOf(textOf(block ?? [], 'keepalive_timeout')) ?? nginxDefault)
  const least = Math.min(server.value('drainIdle'), server.value('keepAlive'))
  const expected = `keepalive_timeout of the upstream below drainIdle ${told(server.value('drainIdle'))} and keepAlive ${told(server.value('keepAlive'))}`
  const ok = kept.length > 0 && kept.every((span) => span < least)
  return { expected, found: kept.map(told).join(', ') || 'no upstream', ok }
}

function readTime(setup: Setup): Finding {
  const timeout = setup.server.value('timeout')
  const given = inServers(setup, 'location').filter(({ block }) => findAll(block ?? [], 'proxy_pass').length > 0)
  const spans = given.map(({ block }) => spanOf(textOf(block ?? [], 'proxy_read_timeout')) ?? nginxDefault)
  const expected = `proxy_read_timeout above timeout ${told(timeout)}`
  return { expected, found: spans.map(told).join(', '), ok: spans.length > 0 && spans.every((span) => span > timeout) }
}

function watchdog({ service, server }: Setup): Finding {
  const armed = spanOf(service.one('WatchdogSec')) ?? 0
  const [timeout, boot] = [server.value('timeout'), server.value('bootTimeout')]
  const expected = `WatchdogSec above timeout ${told(timeout)} and bootTimeout ${told(boot)} together`
  return { expected, found: armed === 0 ? 'no watchdog' : told(armed), ok: armed > timeout + boot }
}

function longer([name, span]: readonly [string, number | null], [than, other]: readonly [string, number]): Finding {
  const expected = `${name} above ${than} ${told(other)}`
  return span !== null && span > other
    ? { expected, found: told(span), ok: true }
    : unless([`${name} is ${told(span)}`], expected)
}
