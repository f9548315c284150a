import { placesOf, socketPaths } from '../../bundle/places.ts'
import { findAll, textOf } from '../inspect/nginx-tree.ts'
import { boundSockets, type Setup, upstreamSockets, upstreamsOf } from '../inspect/setup.ts'
import { type Finding, type Relation, same, unless } from './relation.ts'

const group = 'Sockets'

export const sockets: readonly Relation[] = [
  {
    ...{ key: 'nginx-sockets', group, reads: ['nginx'] },
    title: 'nginx sends requests to the socket of every worker',
    why: 'A socket that nothing listens on is a 502; a worker whose socket is not listed gets no work.',
    judge: (setup) => same(list(socketPaths(setup.answers)), list(upstreamSockets(setup))),
  },
  {
    ...{ key: 'systemd-sockets', group, reads: ['units'] },
    title: 'systemd holds the socket of every worker, in their order',
    why: 'The server takes the sockets in the order in which systemd hands them over.',
    judge: ({ socket, answers }) => same(list(socketPaths(answers)), list(socket.all('ListenStream'))),
  },
  {
    ...{ key: 'server-sockets', group, reads: ['server'] },
    title: 'The server binds the socket of every worker',
    why: 'It would look for its sockets elsewhere, or start another number of workers than there are sockets.',
    judge: (setup) => same(list(socketPaths(setup.answers)), list(boundSockets(setup))),
  },
  {
    ...{ key: 'socket-access', group, reads: ['units'] },
    title: 'Only nginx and the service may open the sockets',
    why: 'Without the group nginx gets "permission denied" and visitors a 502; whoever else may open them may forge addresses.',
    judge: socketAccess,
  },
  {
    ...{ key: 'socket-first', group, reads: ['units'] },
    title: 'The service starts after its sockets, and with them',
    why: 'Started without them it would bind sockets of its own, with other owners, and lose connections at each restart.',
    judge: ({ service, answers }) => {
      const unit = `${answers.name}.socket`
      const has = (key: string) => service.all(key).join(' ').split(' ').includes(unit)
      return unless(
        ['Requires', 'After'].filter((key) => !has(key)).map((key) => `${key}= does not name it`),
        `Requires=${unit} and After=${unit}`,
      )
    },
  },
  {
    ...{ key: 'control-socket', group, reads: ['units', 'server'] },
    title: 'A reload by systemd reaches the server, and tells how it ended',
    why: 'systemctl reload would fail, or report a success that was none.',
    judge: ({ service, server, answers }) => {
      const command = service.one('ExecReload') ?? ''
      const expected = `ExecReload= with ctl reload --control-socket ${placesOf(answers).controlSocket}`
      const path = server.value('controlSocket') ?? ''
      const problems = [
        ...(/ ctl reload( |$)/.test(command) ? [] : [`ExecReload=${command}`]),
        ...(command.includes(`--control-socket ${path}`) && path !== ''
          ? []
          : [`the server's control socket is ${path || 'none'}`]),
      ]
      return unless(problems, expected)
    },
  },
  {
    ...{ key: 'kept-connections', group, reads: ['nginx'] },
    title: 'nginx keeps connections to the workers',
    why: 'A new connection for each request costs latency and can run out of ports and queue.',
    judge: keptConnections,
  },
  {
    ...{ key: 'no-banishment', group, reads: ['nginx'] },
    title: 'nginx does not set a worker aside for one failure',
    why: 'The master keeps each socket served; a worker set aside for ten seconds would be missed, and two of two are a 502 for all.',
    judge: (setup) => {
      const servers = upstreamsOf(setup).flatMap(({ block }) => findAll(block ?? [], 'server'))
      const without = servers.filter(({ words }) => !words.includes('max_fails=0') && !words.includes('fail_timeout=0'))
      return unless(
        without.map(({ words }) => `${words[0]} has none`),
        'max_fails=0 at every socket',
      )
    },
  },
]

function list(paths: readonly string[]): string {
  return paths.join(' ')
}

function socketAccess({ socket, answers }: Setup): Finding {
  const wanted = { SocketUser: answers.user, SocketGroup: answers.nginxGroup, SocketMode: '0660' }
  const wrong = Object.entries(wanted).filter(([key, value]) => socket.one(key) !== value)
  const expected = Object.entries(wanted).map(([key, value]) => `${key}=${value}`)
  return unless(
    wrong.map(([key]) => `${key}=${socket.one(key) ?? ''}`),
    expected.join(' '),
  )
}

function keptConnections(setup: Setup): Finding {
  const upstreams = upstreamsOf(setup)
  const kept = upstreams.map(({ block }) => textOf(block ?? [], 'keepalive'))
  const ok = upstreams.length > 0 && kept.every((count) => Number(count ?? 0) >= setup.answers.workers)
  return { expected: 'keepalive in the upstream, for every worker at least', found: kept.join(', ') || 'none', ok }
}
