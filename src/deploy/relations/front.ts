import { setsHeaders } from '../../bundle/nginx-front-view.ts'
import { frontPlaces } from '../../bundle/places.ts'
import type { SiteAnswers } from '../../settings/site-table.ts'
import { type Directive, findAll, textOf } from '../inspect/nginx-tree.ts'
import { inServers, type Setup, serversOf } from '../inspect/setup.ts'
import { type Finding, type Relation, same, unless } from './relation.ts'

const group = 'Front'

const withoutTls = ({ tls }: SiteAnswers) => (tls === 'off' ? 'the site has no TLS' : null)

export const front: readonly Relation[] = [
  {
    ...{ key: 'names', group, reads: ['nginx'] },
    title: 'nginx serves every name of the site',
    why: 'A name that is missing shows the page of whichever site comes first.',
    judge: (setup) => {
      const named = inServers(setup, 'server_name').flatMap(({ words }) => words)
      return unless(
        setup.answers.domain.filter((name) => !named.includes(name)).map((name) => `${name} is not served`),
        setup.answers.domain.join(' '),
      )
    },
  },
  {
    ...{ key: 'tls-versions', group, reads: ['nginx'] },
    exempt: withoutTls,
    title: 'Only TLS 1.2 and 1.3 are allowed',
    why: 'TLS 1.0 and 1.1 are broken and forbidden (RFC 8996).',
    judge: (setup) => same('TLSv1.2 TLSv1.3', texts(setup, 'ssl_protocols')),
  },
  {
    ...{ key: 'tls-ciphers', group, reads: ['nginx'] },
    exempt: withoutTls,
    title: 'Every cipher keeps old traffic secret when the key leaks',
    why: 'Without forward secrecy recorded traffic can be read later.',
    judge: (setup) => {
      const ciphers = texts(setup, 'ssl_ciphers').split(':')
      const weak = ciphers.filter((cipher) => !/^(ECDHE|DHE|TLS)[-_].*(GCM|POLY1305|CCM)/.test(cipher))
      return unless(
        weak.map((cipher) => cipher || 'none are given'),
        'ssl_ciphers with ECDHE and authenticated encryption only',
      )
    },
  },
  {
    ...{ key: 'certificate', group, reads: ['nginx'] },
    exempt: withoutTls,
    title: 'nginx uses the certificate and the key of the answers',
    why: 'A renewal would be written to files that nobody reads.',
    judge: (setup) =>
      same(
        `${setup.answers.certificate} ${setup.answers.certificateKey}`,
        `${texts(setup, 'ssl_certificate')} ${texts(setup, 'ssl_certificate_key')}`,
      ),
  },
  {
    ...{ key: 'redirect', group, reads: ['nginx'] },
    exempt: withoutTls,
    title: 'Plain HTTP leads to HTTPS, except for the certificate authority',
    why: 'Who types the name without a scheme would get no page, and no renewal would succeed.',
    judge: redirect,
  },
  {
    ...{ key: 'access-log', group, reads: ['nginx'] },
    title: 'The access log tells which worker answered',
    why: 'Without it nobody can say which worker was slow or failed.',
    judge: (setup) => {
      const formats = inServers(setup, 'access_log').map(({ words }) => words[1] ?? 'combined')
      const telling = setup.site.filter(
        ({ name, words }) => name === 'log_format' && words.join(' ').includes('$upstream_addr'),
      )
      const names = telling.map(({ words }) => words[0])
      const ok = formats.length > 0 && formats.every((format) => names.includes(format))
      return {
        expected: 'access_log in a format with $upstream_addr',
        found: formats.join(', ') || 'no access log',
        ok,
      }
    },
  },
  {
    ...{ key: 'version-hidden', group, reads: ['nginx'] },
    title: 'nginx does not tell its version',
    why: 'Scanners sort their attacks by it.',
    judge: (setup) => same('off', texts(setup, 'server_tokens')),
  },
  {
    ...{ key: 'client-times', group, reads: ['nginx'] },
    title: 'Clients that send nothing are let go',
    why: 'A few hundred connections that say nothing would use up those there are.',
    judge: (setup) => {
      const wanted = ['client_header_timeout', 'client_body_timeout', 'send_timeout']
      return unless(
        wanted.filter((name) => texts(setup, name) === '').map((name) => `no ${name}`),
        wanted.join(', '),
      )
    },
  },
  {
    ...{ key: 'headers-inherited', group, reads: ['nginx'] },
    exempt: (answers) => (setsHeaders(answers) ? null : 'the answers want no headers of nginx'),
    title: 'Every answer has the security headers',
    why: 'nginx hands add_header down to no block that has one of its own; such a block loses them all.',
    judge: inherited,
  },
  {
    ...{ key: 'maintenance', group, reads: ['nginx'] },
    title: 'The maintenance page can be switched on',
    why: 'In the night when it is needed, the switch of the runbook should work.',
    judge: (setup) => {
      const { maintenance } = frontPlaces(setup.answers)
      const switches = inServers(setup, 'if').map(({ words }) => words.join(' '))
      const ok = switches.some((words) => words.includes(maintenance))
      return { expected: `if (-f ${maintenance})`, found: switches.join(', ') || 'no such switch', ok }
    },
  },
]

/** The different values of a directive in the site's server, each once. */
function texts(setup: Setup, name: string): string {
  return [...new Set(serversOf(setup).map(({ block }) => textOf(block ?? [], name) ?? ''))].join(', ')
}

function redirect({ site, answers }: Setup): Finding {
  const plain = site.filter(
    ({ name, block }) =>
      name === 'server' &&
      findAll(block ?? [], 'proxy_pass').length === 0 &&
      findAll(block ?? [], 'server_name').some(({ words }) => words.some((word) => answers.domain.includes(word))),
  )
  const returns = plain.flatMap(({ block }) => findAll(block ?? [], 'return').map(({ words }) => words.join(' ')))
  const asks = plain.some(({ block }) => findAll(block ?? [], 'location').some(isForAuthority))
  const problems = [
    ...(returns.some((words) => /^30[18] https:/.test(words)) ? [] : [returns.join(', ') || 'nothing is returned']),
    ...(asks ? [] : ['no location for /.well-known/acme-challenge/']),
  ]
  return unless(problems, '301 to https, and a location for /.well-known/acme-challenge/')
}

function isForAuthority({ words }: Directive): boolean {
  return words.some((word) => word.startsWith('/.well-known/acme-challenge'))
}

function inherited(setup: Setup): Finding {
  const own = (block: readonly Directive[]) =>
    block.filter(({ name }) => name === 'add_header').map(({ words }) => words[0])
  const servers = serversOf(setup)
  const wanted = servers.flatMap(({ block }) => own(block ?? []))
  const blocks = servers.flatMap(({ block }) => [...findAll(block ?? [], 'location'), ...findAll(block ?? [], 'if')])
  const losing = blocks.filter(({ block }) => {
    const given = own(block ?? [])
    return given.length > 0 && wanted.some((name) => !given.includes(name))
  })
  const problems = [
    ...(wanted.length === 0 ? ['the server adds none'] : []),
    ...losing.map(({ words }) => `location ${words.join(' ')} has add_header, but not these`),
  ]
  return unless(problems, `${[...new Set(wanted)].join(', ') || 'security headers'} in every block with add_header`)
}
