import { errorCode, type Field, get } from '../../helpers/http2-frames.ts'
import { about, answers, ask, type Case, resets, served } from './cases.ts'

const malformed = resets(errorCode.protocol)
const refused = answers(400)
const lacking = (name: string): readonly Field[] => get.filter(([given]) => given !== name)
/** A request in which one field says something else. */
const but = (name: string, value: string): readonly Field[] =>
  get.map(([given, usual]) => [given, given === name ? value : usual])

/** RFC 9113, sections 8.3 to 8.5. */
export const requestCases: readonly Case[] = [
  ...about('8.3', [
    ['a pseudo-header after a field', [ask(['x-test', 'a'], ...get)], malformed],
    ['an unknown pseudo-header', [ask(...get, [':test', 'a'])], malformed],
    ['a pseudo-header of answers', [ask(...get, [':status', '200'])], malformed],
  ]),
  ...about('8.3.1', [
    ['an empty path', [ask(...but(':path', ''))], malformed],
    ['a path that begins with no slash', [ask(...but(':path', 'a'))], malformed, refused],
    ['a path in absolute form', [ask(...but(':path', 'https://localhost/'))], malformed, refused],
    ['* for another method than OPTIONS', [ask(...but(':path', '*'))], malformed, refused],
    [
      'OPTIONS *',
      [ask([':method', 'OPTIONS'], [':scheme', 'https'], [':path', '*'], [':authority', 'localhost'])],
      served,
    ],
    ['no method', [ask(...lacking(':method'))], malformed],
    ['no scheme', [ask(...lacking(':scheme'))], malformed],
    ['no path', [ask(...lacking(':path'))], malformed],
    ['two methods', [ask(...get, [':method', 'GET'])], malformed],
    ['two schemes', [ask(...get, [':scheme', 'https'])], malformed],
    ['two paths', [ask(...get, [':path', '/'])], malformed],
    ['two authorities', [ask(...get, [':authority', 'localhost'])], malformed],
    ['neither authority nor host', [ask(...lacking(':authority'))], malformed, refused],
    ['a host in the place of the authority', [ask(...lacking(':authority'), ['host', 'localhost'])], served],
    ['a host that says the same', [ask(...get, ['host', 'localhost'])], served],
    ['a host that says something else', [ask(...get, ['host', 'elsewhere'])], malformed, refused],
    ['two hosts', [ask(...lacking(':authority'), ['host', 'a'], ['host', 'b'])], malformed, refused],
    ['an authority with a user in it', [ask(...but(':authority', 'user@localhost'))], malformed, refused],
    ['an empty authority', [ask(...but(':authority', ''))], malformed, refused],
    ['a scheme that is not that of the connection', [ask(...but(':scheme', 'http'))], served],
    ['a scheme that is none', [ask(...but(':scheme', 'ht tp'))], malformed, refused],
  ]),
  ...about('8.5', [
    ['CONNECT', [ask([':method', 'CONNECT'], [':authority', 'localhost:80'])], answers(501)],
    ['CONNECT with a path', [ask([':method', 'CONNECT'], ...get.slice(1))], malformed],
    ['CONNECT without an authority', [ask([':method', 'CONNECT'])], malformed],
  ]),
  ...about('RFC 8441, 3', [
    [
      'a WebSocket, which was not offered',
      [ask([':method', 'CONNECT'], [':protocol', 'websocket'], ...get.slice(1))],
      malformed,
    ],
  ]),
]
