import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { isHost } from '../../../src/http/host.ts'
import { inspect, plain } from '../../../src/http/inspect.ts'
import { limitsOf } from '../../../src/http/limits.ts'
import { refusals } from '../../../src/http/refusals.ts'
import { inspectTrailers } from '../../../src/http/watch-body.ts'

const settings = {
  limitRequestLine: 4094,
  limitRequestFields: 100,
  limitRequestFieldSize: 8190,
  limitRequestBody: 0,
  headerMap: 'drop',
} as const

const token = fc.stringMatching(/^x-[a-z0-9-]{0,12}$/)
const fields = fc.array(fc.tuple(token, fc.stringMatching(/^[ -~]{0,30}$/)), { maxLength: 8 })
const limit = fc.integer({ min: 0, max: 60 })
const length = fc.integer({ min: 0, max: 80 })
const version = { httpVersionMajor: 1, httpVersionMinor: 1 }

test('a request is refused for its size exactly when it is over a limit, and zero is no limit', () => {
  fc.assert(
    fc.property(fields, length, fc.tuple(limit, limit, limit), (pairs, path, [line, count, size]) => {
      const given = { ...settings, limitRequestLine: line, limitRequestFields: count, limitRequestFieldSize: size }
      const rawHeaders = [['Host', 'a'], ...pairs].flat()
      const { refusal } = inspect(
        { method: 'GET', url: `/${'p'.repeat(path)}`, rawHeaders, ...version },
        limitsOf(given),
      )
      const written = `GET /${'p'.repeat(path)} HTTP/1.1`.length
      const largest = Math.max(
        ...[['Host', 'a'], ...pairs].map(([name = '', value = '']) => `${name}: ${value}\r\n`.length),
      )
      const isOver = (most: number, actual: number): boolean => most > 0 && actual > most
      const right = isOver(line, written)
        ? refusals.lineTooLong
        : isOver(count, 1 + pairs.length)
          ? refusals.tooManyFields
          : isOver(size, largest)
            ? refusals.fieldTooLarge
            : null
      assert.equal(refusal, right)
    }),
    { numRuns: 1000 },
  )
})

test('a body is refused for its announced length exactly when that is over the limit', () => {
  fc.assert(
    fc.property(fc.nat(), fc.nat(), (limitRequestBody, announced) => {
      const rawHeaders = ['Host', 'a', 'Content-Length', String(announced)]
      const limits = limitsOf({ ...settings, limitRequestBody })
      const { refusal } = inspect({ method: 'POST', url: '/', rawHeaders, ...version }, limits)
      assert.equal(refusal, limitRequestBody > 0 && announced > limitRequestBody ? refusals.bodyTooLarge : null)
    }),
  )
})

test('whatever is set, a head of the largest permitted line and fields is read, and no head is without end', () => {
  fc.assert(
    fc.property(fc.nat({ max: 1024 ** 2 }), fc.nat({ max: 1024 ** 2 }), (limitRequestLine, limitRequestFieldSize) => {
      const { head, line, fieldSize } = limitsOf({ ...settings, limitRequestLine, limitRequestFieldSize })
      assert.ok(Number.isFinite(head) && head >= 48 * 1024)
      assert.ok(line === Number.POSITIVE_INFINITY || fieldSize === Number.POSITIVE_INFINITY || head >= line + fieldSize)
    }),
  )
})

test('whatever a head holds, it is judged without an exception, and the judgement repeats nothing of it', () => {
  const names = fc.constantFrom('Host', 'HOST', 'Content-Length', 'transfer-encoding', 'Upgrade', 'x_y', '__proto__')
  const values = fc.oneof(
    fc.string({ maxLength: 20, unit: 'binary' }),
    fc.constantFrom('chunked', '5', 'a', ', chunked'),
  )
  const pairs = fc.array(fc.tuple(fc.oneof(names, fc.string()), values), { maxLength: 6 })
  const known = new Set<unknown>(Object.values(refusals))
  const method = fc.constantFrom('GET', 'POST', 'OPTIONS', 'CONNECT', 'SOURCE')
  const url = fc.oneof(fc.webUrl(), fc.webPath(), fc.string(), fc.constantFrom('*', '/', 'a:80', '//', 'http://'))
  const minor = fc.constantFrom(0, 1, 9)
  fc.assert(
    fc.property(method, url, pairs, minor, (asked, target, given, httpVersionMinor) => {
      const request = { method: asked, url: target, rawHeaders: given.flat(), httpVersionMajor: 1, httpVersionMinor }
      const { refusal } = inspect(request, limitsOf(settings))
      assert.ok(refusal === null || known.has(refusal))
      if (refusal === null && httpVersionMinor === 1) assert.ok(given.some(([name]) => name.toLowerCase() === 'host'))
      const trailer = inspectTrailers(given.flat(), limitsOf(settings))
      assert.ok(trailer === null || known.has(trailer))
    }),
    { numRuns: 1000 },
  )
})

test('a host is what a URL may hold there, and nothing in it ends it early', () => {
  fc.assert(
    fc.property(fc.webAuthority({ withIPv4: true, withIPv6: true, withPort: true }), (authority) => {
      assert.ok(isHost(authority), authority)
      assert.equal(
        inspect({ method: 'GET', url: '/', rawHeaders: ['Host', authority], ...version }, limitsOf(settings)),
        plain,
      )
    }),
  )
  const near = fc.array(
    fc.constantFrom(
      'a',
      '.',
      ':',
      '80',
      '[',
      ']',
      '::1',
      '@',
      '/',
      ',',
      ' ',
      '%',
      '%41',
      '?',
      '#',
      '\\',
      '\t',
      '"',
      '<',
      '_',
    ),
  )
  fc.assert(
    fc.property(
      near.map((parts) => parts.join('')),
      (text) => {
        if (isHost(text)) assert.doesNotMatch(text, /[\s/@,?#\\"<>]/)
      },
    ),
    { numRuns: 2000 },
  )
})
