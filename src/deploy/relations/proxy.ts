import { type Directive, findAll, textOf } from '../inspect/nginx-tree.ts'
import { inServers, type Setup, serversOf } from '../inspect/setup.ts'
import { type Finding, type Relation, unless } from './relation.ts'

const group = 'Proxy'

export const proxy: readonly Relation[] = [
  {
    ...{ key: 'http-version', group, reads: ['nginx'] },
    title: 'nginx speaks HTTP/1.1 to the workers',
    why: 'HTTP/1.0 has neither kept connections nor WebSockets.',
    judge: (setup) => one(setup, 'proxy_http_version', '1.1'),
  },
  {
    ...{ key: 'upgrade', group, reads: ['nginx'] },
    title: 'A WebSocket says so to the worker, and other requests say nothing',
    why: "Without the fields no WebSocket opens; with the common '' close each request costs a connection.",
    judge: upgrade,
  },
  {
    ...{ key: 'host', group, reads: ['nginx'] },
    title: 'The application is told the name that nginx has matched',
    why: '$http_host is whatever the client wrote, and nothing at all for some load balancers.',
    judge: (setup) => headers(setup, { Host: '$host' }),
  },
  {
    ...{ key: 'client-headers', group, reads: ['nginx'] },
    title: 'What a client says of itself is replaced by what nginx sees',
    why: 'With an appended list any client could take any address, past block lists and into logs.',
    judge: (setup) => headers(setup, { 'X-Forwarded-For': '$remote_addr', 'X-Real-IP': '$remote_addr' }),
  },
  {
    ...{ key: 'scheme-header', group, reads: ['nginx'] },
    title: 'The application is told whether the visitor came encrypted',
    why: 'Secure cookies and redirects depend on it; without it some applications redirect for ever.',
    judge: (setup) => {
      const found = sent(setup).get('x-forwarded-proto') ?? []
      const ok = found.length === 1 && found.every((value) => value.startsWith('$'))
      return { expected: 'X-Forwarded-Proto once, from a variable', found: found.join(', ') || 'not sent', ok }
    },
  },
  {
    ...{ key: 'dropped-headers', group, reads: ['nginx'] },
    title: 'Headers that would mislead the application are not passed on',
    why: 'Proxy becomes HTTP_PROXY in some programs (httpoxy); Forwarded is what the client claims.',
    judge: (setup) => headers(setup, { Proxy: '', Forwarded: '' }),
  },
  {
    ...{ key: 'one-header', group, reads: ['nginx'] },
    title: 'No header is sent to the workers twice',
    why: 'nginx sends both, and each application picks another one.',
    judge: (setup) => {
      const twice = [...sent(setup)].filter(([, values]) => values.length > 1)
      return unless(
        twice.map(([name, values]) => `${name} ${values.length} times`),
        'each proxy_set_header once',
      )
    },
  },
  {
    ...{ key: 'second-try', group, reads: ['nginx'] },
    title: 'A post is never sent twice',
    why: 'Whoever pays would pay twice.',
    judge: (setup) => {
      const words = inServers(setup, 'proxy_next_upstream').flatMap((one) => one.words)
      return unless(
        words.filter((word) => word === 'non_idempotent'),
        'proxy_next_upstream without non_idempotent',
      )
    },
  },
  {
    ...{ key: 'streams', group, reads: ['nginx'] },
    title: 'Event streams and WebSockets are not held back',
    why: 'A proxy that buffers keeps events until it has kilobytes of them.',
    judge: (setup) => {
      const values = inServers(setup, 'proxy_buffering').map(({ words }) => words[0])
      return {
        expected: 'a location with proxy_buffering off',
        found: values.join(', ') || 'none',
        ok: values.includes('off'),
      }
    },
  },
  {
    ...{ key: 'static-aliases', group, reads: ['nginx'] },
    exempt: (answers) => (answers.static.length === 0 ? 'the site has no static files' : null),
    title: 'Static files are those of their directory, and hidden ones are not served',
    why: 'A missing slash lets `..` leave the directory; .git and .env are what scanners look for first.',
    judge: aliases,
  },
  {
    ...{ key: 'trusted-proxies', group, reads: ['nginx'] },
    title: 'Not everybody is believed to be a proxy',
    why: 'Any client could then take any address.',
    judge: (setup) => {
      const all = inServers(setup, 'set_real_ip_from').flatMap(({ words }) => words)
      return unless(
        all.filter((network) => /\/0$/.test(network)),
        'no set_real_ip_from for the whole world',
      )
    },
  },
]

function one(setup: Setup, name: string, wanted: string): Finding {
  const values = serversOf(setup).map(({ block }) => textOf(block ?? [], name) ?? 'not given')
  return {
    expected: `${name} ${wanted}`,
    found: values.join(', ') || 'no server',
    ok: values.length > 0 && values.every((value) => value === wanted),
  }
}

/** What is sent to the workers, by the name in lower case, as the first server of the site says for all its locations. */
function sent(setup: Setup): ReadonlyMap<string, readonly string[]> {
  const [server] = serversOf(setup)
  const own = (server?.block ?? []).filter(({ name }) => name === 'proxy_set_header')
  const found = new Map<string, string[]>()
  for (const { words } of own) {
    const name = words[0]?.toLowerCase() ?? ''
    found.set(name, [...(found.get(name) ?? []), words.slice(1).join(' ')])
  }
  return found
}

function headers(setup: Setup, wanted: Readonly<Record<string, string>>): Finding {
  const found = sent(setup)
  const problems = Object.entries(wanted).flatMap(([name, value]) => {
    const values = found.get(name.toLowerCase()) ?? []
    return values.length > 0 && values.every((one) => one === value)
      ? []
      : [`${name} is ${values.join(', ') || 'passed on as it came'}`]
  })
  const expected = Object.entries(wanted).map(([name, value]) => `${name} ${value === '' ? 'dropped' : value}`)
  return unless(problems, expected.join(', '))
}

function upgrade(setup: Setup): Finding {
  const found = sent(setup)
  const connection = found.get('connection')?.[0] ?? ''
  const map = setup.site.find(({ name, words }) => name === 'map' && words[1] === connection)
  const otherwise = (map?.block ?? []).find(({ name }) => name === '')
  const problems = [
    ...(found.get('upgrade')?.[0] === '$http_upgrade' ? [] : ['Upgrade is not passed on']),
    ...(map === undefined ? [`Connection is ${connection || 'not set'}`] : []),
    ...(map !== undefined && otherwise?.words[0] !== ''
      ? [`requests without Upgrade say Connection: ${otherwise?.words[0] ?? 'upgrade'}`]
      : []),
  ]
  return unless(problems, "Upgrade $http_upgrade, and Connection from a map with '' for other requests")
}

function aliases(setup: Setup): Finding {
  const { answers } = setup
  const locations = serversOf(setup).flatMap(({ block }) => findAll(block ?? [], 'location'))
  const problems = answers.static.flatMap(({ prefix, directory }) => {
    const found = locations.find(({ words }) => words.at(-1) === prefix)
    return found === undefined ? [`no location for ${prefix}`] : aliasProblems(found, prefix, directory)
  })
  return unless(problems, 'an alias with a slash at both ends for each prefix, and 404 for what begins with a dot')
}

function aliasProblems({ block }: Directive, prefix: string, directory: string): readonly string[] {
  const alias = textOf(block ?? [], 'alias')
  const hidden = (block ?? []).some(({ name, words }) => name === 'location' && words.at(-1) === '/\\.')
  return [
    ...(alias === `${directory}/` && prefix.endsWith('/') ? [] : [`${prefix} leads to ${alias ?? 'nothing'}`]),
    ...(hidden ? [] : [`hidden files below ${prefix} are served`]),
  ]
}
