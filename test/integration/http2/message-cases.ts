import { block, errorCode, type Field, flag, frame, frameType, get, post } from '../../helpers/http2-frames.ts'
import { about, answers, ask, type Case, knownIn, resets, served, without } from './cases.ts'

const { data, headers } = frameType
const malformed = resets(errorCode.protocol)
const refused = answers(400)
/** A request in which one field says something else. */
const but = (name: string, value: string): readonly Field[] =>
  get.map(([given, usual]) => [given, given === name ? value : usual])
const body =
  (length: number) =>
  (...sizes: readonly number[]): readonly Buffer[] => [
    frame(headers, flag.endHeaders, 1, block(...post, ['content-length', String(length)])),
    ...sizes.map((size, at) => frame(data, at === sizes.length - 1 ? 1 : 0, 1, Buffer.alloc(size, 'a'))),
  ]
const trailers = (flags: number, ...fields: readonly Field[]): readonly Buffer[] => [
  frame(headers, flag.endHeaders, 1, block(...post)),
  frame(data, 0, 1, Buffer.from('test')),
  frame(headers, flags, 1, block(...fields)),
]

/** RFC 9113, sections 8.1 and 8.2. */
export const messageCases: readonly Case[] = [
  ...about('8.1', [
    ['GET', [ask(...get)], served],
    ['HEAD', [ask(...but(':method', 'HEAD'))], served],
    ['POST', body(4)(4), served],
    ['POST in pieces, the last of them empty', body(8)(4, 4, 0), served],
    ['POST with trailers', trailers(flag.whole, ['x-sum', '42']), served],
    ['trailers that do not end the stream', trailers(flag.endHeaders, ['x-sum', '42']), malformed],
    ['trailers with a pseudo-header', trailers(flag.whole, [':method', 'GET']), malformed],
    ['trailers with content-length', trailers(flag.whole, ['content-length', '4']), refused],
  ]),
  ...about('8.1.1', [
    ['a body longer than announced', body(1)(2), malformed],
    ['a body shorter than announced', body(3)(2), malformed],
    ['a body in pieces, longer than announced', body(7)(4, 4), malformed],
    ['no body although one was announced', [ask(...post, ['content-length', '4'])], malformed],
    ['two lengths', [ask(...post, ['content-length', '0'], ['content-length', '1'])], malformed],
    ['a length that is none', [ask(...post, ['content-length', 'x'])], malformed],
    ['a length with a sign', [ask(...post, ['content-length', '+0'])], malformed],
  ]),
  ...about('8.2', [['a name with capitals', [ask(...get, ['X-Test', 'a'])], malformed]]),
  ...about('8.2.1', [
    ['a path with a space', [ask(...but(':path', '/a b'))], malformed],
    ['a path with a line end', [ask(...but(':path', '/a\r\nb'))], malformed],
    ['a method with a space', [ask(...but(':method', 'GET /'))], malformed],
    ['an unknown method', [ask(...but(':method', 'BREW'))], served],
  ]),
  ...knownIn('8.2.1', 'resets the stream', [
    ['a name with a space', [ask(...get, ['x test', 'a'])], without('x test')],
    ['a name with a colon', [ask(...get, ['x:test', 'a'])], without('x:test')],
    ['an empty name', [ask(...get, ['', 'unnamed'])], without('unnamed')],
    ['a name with a letter beyond ASCII', [ask(...get, ['x-t\xe9st', 'a'])], without('x-t')],
    ['a value with a line end', [ask(...get, ['x-test', 'a\r\nb: c'])], without('x-test')],
    ['a value with a zero', [ask(...get, ['x-test', 'a\0b'])], without('x-test')],
    ['a value that begins with a space', [ask(...get, ['x-test', ' a'])], without('x-test')],
    ['a value that ends with a tab', [ask(...get, ['x-test', 'a\t'])], without('x-test')],
  ]),
  ...about('8.2.2', [
    ['connection', [ask(...get, ['connection', 'keep-alive'])], malformed],
    ['keep-alive', [ask(...get, ['keep-alive', 'timeout=5'])], malformed],
    ['proxy-connection', [ask(...get, ['proxy-connection', 'keep-alive'])], malformed],
    ['upgrade', [ask(...get, ['upgrade', 'websocket'])], malformed],
    ['transfer-encoding', [ask(...get, ['transfer-encoding', 'chunked'])], malformed],
    ['TE other than trailers', [ask(...get, ['te', 'gzip'])], malformed],
    ['TE: trailers', [ask(...get, ['te', 'trailers'])], served],
  ]),
  ...about('8.2.3', [['a cookie in two pieces', [ask(...get, ['cookie', 'a=1'], ['cookie', 'b=2'])], served]]),
]
