import { textOf } from '../inspect/nginx-tree.ts'
import { sizeOf } from '../inspect/quantities.ts'
import { boundSockets, type Setup, serversOf } from '../inspect/setup.ts'
import { type Finding, type Relation, unless } from './relation.ts'

const group = 'Limits'

// nginx takes this much without the directive (ngx_http_core_module).
const nginxBody = 1024 ** 2

export const sizes: readonly Relation[] = [
  {
    ...{ key: 'body-limit', group, reads: ['nginx', 'server'] },
    title: 'nginx and the server agree with the answers about the largest body',
    why: 'With a lower limit than meant uploads fail; what nginx lets through and the server refuses is sent in vain.',
    judge: bodyLimit,
  },
  {
    ...{ key: 'backlog', group, reads: ['units', 'server'] },
    title: 'As many connections may wait at the socket as the server says',
    why: 'A full queue of a unix socket refuses at once, which visitors see as a 502.',
    judge: ({ socket, server }) => {
      const [queue, wanted] = [Number(socket.one('Backlog') ?? 0), server.value('backlog')]
      return { expected: `Backlog=${wanted}`, found: `Backlog=${queue}`, ok: queue === wanted }
    },
  },
  {
    ...{ key: 'descriptors', group, reads: ['units', 'server'] },
    title: 'A worker may hold as many connections as it accepts',
    why: 'Out of descriptors a worker can neither accept nor open a file, and answers with errors.',
    judge: ({ service, server }) => {
      const least = 2 * server.value('workerConnections')
      const limit = sizeOf(service.one('LimitNOFILE')) ?? 0
      return { expected: `LimitNOFILE of ${least} at least`, found: `LimitNOFILE=${limit}`, ok: limit >= least }
    },
  },
  {
    ...{ key: 'tasks', group, reads: ['units', 'server'] },
    title: 'There is room for the threads of all workers',
    why: 'Each worker has about a dozen threads; without room for them it cannot start.',
    judge: (setup) => {
      const least = 32 * (boundSockets(setup).length + 1)
      const most = sizeOf(setup.service.one('TasksMax')) ?? 0
      return { expected: `TasksMax of ${least} at least`, found: `TasksMax=${most}`, ok: most >= least }
    },
  },
  {
    ...{ key: 'memory', group, reads: ['units'] },
    exempt: ({ memory }) => (memory === 'off' ? 'the answers want no limit for memory' : null),
    title: 'The service has a limit for memory, with pressure before it',
    why: 'Without one a leak takes the memory of nginx and sshd too; without pressure before it the end comes suddenly.',
    judge: memory,
  },
]

function bodyLimit(setup: Setup): Finding {
  const { maxBody } = setup.answers
  const servers = serversOf(setup)
  const limits = servers.map(({ block }) => sizeOf(textOf(block ?? [], 'client_max_body_size')) ?? nginxBody)
  const own = setup.server.value('limitRequestBody')
  const problems = [
    ...(servers.length === 0 ? ['no server of nginx for the names'] : []),
    ...limits.filter((limit) => limit !== maxBody).map((limit) => `client_max_body_size is ${limit}`),
    ...(own !== 0 && (maxBody === 0 || own < maxBody) ? [`limitRequestBody of the server is ${own}`] : []),
  ]
  return unless(problems, `bodies of ${maxBody === 0 ? 'any size' : `${maxBody} bytes`} at most, in both`)
}

function memory({ service }: Setup): Finding {
  const [high, most] = [service.one('MemoryHigh'), service.one('MemoryMax')].map(numberOf)
  const expected = 'MemoryHigh below MemoryMax'
  const ok = high !== undefined && most !== undefined && high < most && most < Number.POSITIVE_INFINITY
  return {
    expected,
    found: `MemoryHigh=${service.one('MemoryHigh') ?? ''} MemoryMax=${service.one('MemoryMax') ?? ''}`,
    ok,
  }
}

/** Bytes or a share, which are not compared with one another: a file has both in one form, systemd both in bytes. */
function numberOf(text: string | null): number {
  return sizeOf(text) ?? (text?.endsWith('%') ? Number.parseInt(text, 10) : Number.POSITIVE_INFINITY)
}
