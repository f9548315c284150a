import { isIP } from 'node:net'
import type { SiteAnswers } from '../../../settings/site-table.ts'
import { judge, pass, warn } from '../../check.ts'
import type { HostTarget } from '../../inspect/host-target.ts'
import type { NginxFiles } from '../../inspect/nginx-tree.ts'
import { doorOf } from '../../install/ask-site.ts'
import { bootedOnly, type HostCheck, ofHost, rootOnly } from './base.ts'

const group = 'Network'

/** Names that no public server knows (RFC 2606 and RFC 6761): a site with one of them is not for the world. */
const reserved = /(^|\.)(test|example|invalid|localhost|local|internal|lan|home\.arpa)$/

const ports: HostCheck = {
  ...ofHost,
  ...{ id: 'host.ports', group },
  title: 'nginx has the ports of the site',
  why: 'Another program on port 80 or 443 is what visitors would get, and nginx would not start.',
  how: '/proc: who listens on the ports',
  exempt: rootOnly,
  run: async (target) => {
    const listening = await target.reader.listening()
    const found = portsOf(target).map((port) => ({ port, who: listening.filter((one) => one.port === port) }))
    const problems = found.flatMap(({ port, who }) => {
      if (who.length === 0) return [`nobody listens on ${port}`]
      return who
        .filter(({ program }) => program !== 'nginx')
        .map(({ program, pid }) => `${program} (pid ${pid}) has ${port}`)
    })
    const [other] = found.flatMap(({ who }) => who).filter(({ program }) => program !== 'nginx')
    const release =
      other === undefined ? '' : other.unit === '' ? `kill ${other.pid}; ` : `systemctl disable --now ${other.unit}; `
    return judge(`nginx on ${portsOf(target).join(' and ')}`, 'so', problems, `${release}systemctl restart nginx`)
  },
}

const names: HostCheck = {
  ...ofHost,
  ...{ id: 'host.names', group },
  title: 'The names of the site lead to this host',
  why: 'Visitors would not find it, and no certificate authority would sign for it.',
  how: 'each name looked up, beside the addresses of this host',
  exempt: ({ answers }) =>
    publicNames(answers.domain).length === 0
      ? 'no public name among those of the site'
      : behind(answers.cdn, answers.trustedProxies),
  run: async ({ answers, reader }) => {
    const own = reader.addresses()
    const problems: string[] = []
    for (const name of publicNames(answers.domain)) {
      const found = await reader.resolve(name)
      if (found.length === 0) problems.push(`${name} is not known`)
      // Behind a router with one address for many hosts, the name leads to the router.
      else if (!found.some((address) => own.includes(address))) problems.push(`${name} leads to ${found.join(', ')}`)
    }
    const expected = `each to one of ${own.filter((address) => !/^(127\.|::1$|fe80:)/.test(address)).join(', ')}`
    return problems.length === 0 ? pass(expected, 'so') : warn(expected, problems.join('; '))
  },
}

const firewall: HostCheck = {
  ...ofHost,
  ...{ id: 'host.firewall', group },
  title: 'The firewall lets visitors in',
  why: 'The site would answer here, and nobody else would ever see it.',
  how: 'ufw status, or the rules of nft for what comes in',
  exempt: rootOnly,
  run: async (target) => {
    const wanted = portsOf(target)
    const expected = `${wanted.join(' and ')} open`
    const ufw = await answerOf(target, ['ufw', 'status'])
    if (ufw !== null && /^Status: active/m.test(ufw)) {
      const shut = wanted.filter((port) => !new RegExp(`^(${port}(/tcp)?|Nginx Full)\\b.*ALLOW`, 'm').test(ufw))
      return judge(
        expected,
        'so',
        shut.map((port) => `ufw does not let ${port} in`),
        shut.map((port) => `ufw allow ${port}/tcp`).join(' && '),
      )
    }
    const rules = await answerOf(target, ['nft', 'list', 'ruleset'])
    const shut = rules === null ? [] : shutPorts(rules, wanted)
    return judge(
      expected,
      rules === null ? 'no firewall found' : 'so',
      shut.map((port) => `nft drops what comes in, and names no ${port}`),
      shut.length === 0 ? null : openingRule(rules ?? '', shut),
    )
  },
}

const nginxRuns: HostCheck = {
  ...ofHost,
  ...{ id: 'host.nginx-user', group },
  title: 'nginx runs as the user that the sockets are open to',
  why: 'With another user in nginx.conf every request is a 502.',
  how: 'the user in nginx -T, and its groups',
  exempt: rootOnly,
  run: async ({ nginx, answers, run }) => {
    const { outcome, files } = await nginx()
    const found = /^user\s+([\w-]+)/m.exec(outcome.stdout)?.[1] ?? answers.nginxUser
    const groups = (await run(['id', '-Gn', found])).stdout.trim().split(/\s+/)
    const expected = `user ${answers.nginxUser}, in group ${answers.nginxGroup}`
    const right = found === answers.nginxUser && groups.includes(answers.nginxGroup)
    const words = `user ${found} in ${groups.join(', ')}`
    return judge(
      expected,
      words,
      right ? [] : [words],
      `${found === answers.nginxUser ? joining(answers) : renaming(answers, files)} && systemctl restart nginx`,
    )
  },
}

function joining({ nginxUser, nginxGroup }: SiteAnswers): string {
  return `usermod --append --groups ${nginxGroup} ${nginxUser}`
}

function renaming({ nginxUser }: SiteAnswers, files: NginxFiles): string {
  const [path = '/etc/nginx/nginx.conf'] = [...files].find(([, text]) => /^user\s/m.test(text)) ?? []
  return `sed -i -E 's/^user\\s[^;]*;/user ${nginxUser};/' ${path}`
}

const nginxActive: HostCheck = {
  ...ofHost,
  ...{ id: 'host.nginx-active', group },
  title: 'nginx runs',
  why: 'Nobody answers visitors.',
  how: 'systemctl show nginx.service',
  exempt: bootedOnly,
  run: async ({ systemd }) => {
    const state = (await systemd?.unit('nginx.service'))?.one('ActiveState') ?? 'not known'
    return judge(
      'active',
      state,
      state === 'active' || state === 'reloading' ? [] : [`it is ${state}`],
      'systemctl start nginx',
    )
  },
}

/** From outside to nginx. */
export const networkChecks: readonly HostCheck[] = [nginxActive, nginxRuns, ports, names, firewall]

function portsOf({ answers }: Pick<HostTarget, 'answers'>): readonly number[] {
  const plain = doorOf({ ...answers, tls: 'off' }).port
  return answers.tls === 'off' ? [plain] : [plain, doorOf(answers).port]
}

function publicNames(domain: readonly string[]): readonly string[] {
  return domain.filter(
    (name) => !name.startsWith('*') && isIP(name) === 0 && name.includes('.') && !reserved.test(name),
  )
}

function behind(cdn: string, proxies: readonly string[]): string | null {
  return cdn === 'none' && proxies.length === 0 ? null : 'the names lead to what stands before this host'
}

async function answerOf({ run }: HostTarget, command: readonly [string, ...string[]]): Promise<string | null> {
  try {
    const { ok, stdout } = await run([...command])
    return ok ? stdout : null
  } catch {
    return null
  }
}

// Only the plain case is judged: what comes in is dropped unless a rule names the port, or all of them.
function shutPorts(rules: string, wanted: readonly number[]): readonly number[] {
  const chain = inputChain.exec(rules)?.[0]
  if (chain === undefined || chain.includes('jump')) return []
  return wanted.filter((port) => !new RegExp(`dport [^\\n]*\\b(${port}|https?)\\b[^\\n]*accept`).test(chain))
}

/** A chain ends with a brace on a line of its own: a set of ports has braces too. */
const inputChain = /chain (\S+) \{[^{}]*hook input[^{}]*policy drop;[\s\S]*?\n\s*\}/

/** Before all other rules, one of which may drop the rest. */
function openingRule(rules: string, ports: readonly number[]): string {
  const chain = inputChain.exec(rules)
  const table = [...rules.slice(0, chain?.index ?? 0).matchAll(/^table (\w+ \S+) \{/gm)].at(-1)?.[1]
  return `nft 'insert rule ${table} ${chain?.[1]} tcp dport { ${ports.join(', ')} } accept'`
}
