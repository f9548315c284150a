import { connect } from 'node:tls'
import { judge } from '../../check.ts'
import { ask, type Endpoint } from '../../client.ts'
import { type CheckTarget, frontDoor } from '../../target.ts'
import { withoutTls } from '../exemptions.ts'
import { hostOf, installed, type LiveCheck, onHost } from './base.ts'

const group = 'Front'
const ofFront = { ...installed, group, needs: ['app.answers'] } as const

const health: LiveCheck = {
  ...ofFront,
  id: 'app.healthy',
  title: 'The application says that it is well',
  why: 'It may answer, and yet have lost its database.',
  how: 'GET of the health path through nginx',
  exempt: (target) =>
    onHost(target) ?? (target.host?.answers.healthPath === null ? 'the site has no health path' : null),
  run: async (target) => {
    const path = hostOf(target).answers.healthPath ?? '/'
    const { status } = await ask(frontDoor(target), { path })
    return judge('status 200 to 399', `status ${status}`, status < 400 ? [] : [`status ${status}`])
  },
}

const unknownName: LiveCheck = {
  ...ofFront,
  id: 'front.unknown-name',
  title: 'Names that are not of the site get nothing',
  why: 'Links with a foreign name would be answered with this site, and caches filled with them.',
  how: 'a request with a foreign name, in the Host field and in TLS',
  exempt: (target) =>
    onHost(target) ?? (target.host?.answers.defaultServer === false ? 'another site may be the default' : null),
  run: async (target) => {
    const door: Endpoint = { ...frontDoor(target), name: 'unknown.invalid' }
    const found = await ask(door, { path: '/' }).then(
      ({ status }) => `status ${status}`,
      () => 'no answer',
    )
    const right = found === 'no answer' || found === 'status 421'
    return judge('no answer', found, right ? [] : [found], target.renderAgain)
  },
}

const quiet: LiveCheck = {
  ...ofFront,
  id: 'front.quiet',
  title: 'Answers do not tell what made them',
  why: 'Scanners sort their attacks by version.',
  how: 'Server and X-Powered-By of an answer',
  exempt: onHost,
  run: async (target) => {
    const { headers } = await ask(frontDoor(target), { path: '/' })
    const problems = [
      ...(/\d/.test(String(headers['server'] ?? '')) ? [`Server: ${headers['server']}`] : []),
      ...(headers['x-powered-by'] === undefined ? [] : [`X-Powered-By: ${headers['x-powered-by']}`]),
    ]
    return judge('no version', String(headers['server'] ?? 'none'), problems, target.renderAgain)
  },
}

const securityHeaders: LiveCheck = {
  ...ofFront,
  id: 'front.security-headers',
  title: 'Answers carry the security headers',
  why: 'Browsers guess types, and show the site in frames of others.',
  how: 'the fields of an answer',
  exempt: (target) =>
    onHost(target) ?? (target.host?.answers.securityHeaders === false ? 'the site does not want them' : null),
  run: async (target) => {
    const { headers } = await ask(frontDoor(target), { path: '/' })
    const wanted = ['x-content-type-options', 'x-frame-options', 'referrer-policy']
    return judge(
      wanted.join(', '),
      'so',
      wanted.filter((name) => headers[name] === undefined).map((name) => `no ${name}`),
      target.renderAgain,
    )
  },
}

const hsts: LiveCheck = {
  ...ofFront,
  id: 'tls.hsts',
  title: 'Browsers are told to come encrypted for ever',
  why: 'The first request of each visit could be read and changed on the way.',
  how: 'Strict-Transport-Security of an answer',
  exempt: (target) =>
    onHost(target) ?? withoutTls(target) ?? (target.host?.answers.hsts === false ? 'the site does not want it' : null),
  run: async (target) => {
    const found = String((await ask(frontDoor(target), { path: '/' })).headers['strict-transport-security'] ?? 'none')
    return judge(
      'max-age of half a year at least',
      found,
      Number(/max-age=(\d+)/.exec(found)?.[1] ?? 0) >= 15_768_000 ? [] : [found],
      target.renderAgain,
    )
  },
}

const ciphers: LiveCheck = {
  ...ofFront,
  id: 'tls.ciphers',
  title: 'Ciphers without forward secrecy are refused',
  why: 'Recorded traffic could be read as soon as the key leaks.',
  how: 'a TLS 1.2 handshake that offers nothing else',
  exempt: (target) => onHost(target) ?? withoutTls(target),
  run: async (target) => {
    const agreed = await agreedCipher(target)
    return judge('refused', agreed ?? 'refused', agreed === null ? [] : [`${agreed} is accepted`], target.renderAgain)
  },
}

/** What a visitor meets, beside the page. */
export const frontChecks: readonly LiveCheck[] = [health, unknownName, quiet, securityHeaders, hsts, ciphers]

function agreedCipher({ https }: CheckTarget): Promise<string | null> {
  return new Promise((resolve) => {
    if (https === null) return resolve(null)
    const { host, port, name: servername } = https
    const weak = 'AES128-SHA:AES256-SHA:AES128-SHA256:AES128-GCM-SHA256:AES256-GCM-SHA384:@SECLEVEL=0'
    const socket = connect({ host, port, servername, ciphers: weak, maxVersion: 'TLSv1.2', rejectUnauthorized: false })
    socket.setTimeout(5000, () => socket.destroy())
    socket.once('secureConnect', () => {
      resolve(socket.getCipher().name)
      socket.destroy()
    })
    socket.once('error', () => resolve(null)).once('close', () => resolve(null))
  })
}
