import assert from 'node:assert/strict'
import test from 'node:test'
import { formatComplaint } from '../../../src/settings/complaint.ts'
import { environmentSource } from '../../../src/settings/environment.ts'
import { fileSource } from '../../../src/settings/file-source.ts'
import { flagSource } from '../../../src/settings/flags.ts'
import { describeOrigin, resolve, type Source } from '../../../src/settings/resolve.ts'
import { serverRules } from '../../../src/settings/rules.ts'
import { serverTable } from '../../../src/settings/server-table.ts'

const file = (settings: Record<string, unknown>) => fileSource('config file /c.json', settings)
const environment = (env: Record<string, string>) => environmentSource(serverTable, env)
const flags = (given: Record<string, unknown>) => flagSource(serverTable, given)
const said = (given: Record<string, unknown>) =>
  flagSource(serverTable, given, { layer: 'cmd-args', label: 'TSICORN_CMD_ARGS' })

function settle(...sources: readonly Source[]) {
  const resolution = resolve(serverTable, serverRules, sources)
  if (!resolution.ok) assert.fail(resolution.complaints.map(formatComplaint).join('\n'))
  return resolution
}

function complaints(...sources: readonly Source[]): readonly string[] {
  const resolution = resolve(serverTable, serverRules, sources)
  return resolution.ok ? [] : resolution.complaints.map(formatComplaint)
}

const all = [
  flags({ workers: ['5'] }),
  said({ workers: ['4'], timeout: ['4'] }),
  environment({ TSICORN_WORKERS: '3', TSICORN_TIMEOUT: '3', TSICORN_BACKLOG: '333' }),
  file({ workers: 2, timeout: 2, backlog: 222, keepAlive: 22 }),
]

test('the command line wins over TSICORN_CMD_ARGS, that over the environment, that over the file, that over the default', () => {
  for (const sources of [all, all.toReversed()]) {
    const { workers, timeout, backlog, keepAlive, bootTimeout } = settle(...sources).config
    assert.deepEqual([workers, timeout, backlog, keepAlive, bootTimeout], [5, 4000, 333, 22_000, 60_000])
  }
})

test('each value remembers where it came from', () => {
  const { provenance } = settle(...all)
  const origins = ['workers', 'timeout', 'backlog', 'keepAlive', 'bootTimeout'].map((name) => provenance[name])
  assert.deepEqual(
    origins.map((origin) => origin && describeOrigin(origin)),
    [
      'command line: --workers',
      'TSICORN_CMD_ARGS: --timeout',
      'environment: TSICORN_BACKLOG',
      'config file /c.json',
      'default',
    ],
  )
})

test('everything that is wrong is said at once, from every source, the losing ones too', () => {
  const found = complaints(
    file({ wokers: 3, workers: '4', __proto__: null, bind: ['unix:', 'x'] }),
    environment({ TSICORN_TIMEOUT: 'soon', TSICORN_WOKERS: '3' }),
    said({ backlog: ['0x10'] }),
    flags({ workers: ['9'], umask: ['999'] }),
  )
  assert.deepEqual(
    found.map((line) => line.split(': expected')[0]),
    [
      'config file /c.json: wokers',
      'config file /c.json: workers',
      'config file /c.json: bind',
      'config file /c.json: bind',
      'environment: TSICORN_TIMEOUT',
      'environment: TSICORN_WOKERS',
      'TSICORN_CMD_ARGS: --backlog',
      'command line: --umask',
    ],
  )
})

test('a complaint names source, setting, what was expected and what came', () => {
  assert.deepEqual(complaints(flags({ workers: ['0'] })), [
    'command line: --workers: expected a whole number from 1 to 512, or auto, got "0"',
  ])
  assert.deepEqual(complaints(file({ bind: ['80', 'unix:'] })), [
    'config file /c.json: bind: expected HOST:PORT, [IPV6]:PORT, PORT, unix:/PATH or fd://N, got "unix:"; the path after unix: is empty',
  ])
})

test('an unknown name is answered with the one that was probably meant, spelled as in that place', () => {
  const hints = [
    ...complaints(file({ wokers: 3, pidfile: 'x', graceful_timeout: 3, keepalive: 1, zzz: 1 })),
    ...complaints(environment({ TSICORN_WOKERS: '3' })),
  ].map((line) => /did you mean (.*)\?/.exec(line)?.[1])
  assert.deepEqual(hints, ['workers', 'pid', 'gracefulTimeout', 'keepAlive', undefined, 'TSICORN_WORKERS'])
})

test('names that JavaScript objects have by themselves are unknown settings like any other', () => {
  const settings = JSON.parse('{"__proto__": {"workers": 9}, "constructor": 1, "toString": 2, "hasOwnProperty": 3}')
  assert.equal(complaints(file(settings)).length, 4)
})

test('what is echoed is one line, and harmless to a terminal', () => {
  const hostile = 'a\u001b[2J\nb\u202e\u0000'
  for (const line of complaints(flags({ name: [hostile] }), file({ [hostile]: 1 }))) {
    assert.doesNotMatch(line, /[\p{Cc}\p{Cf}]/u)
  }
  assert.match(
    complaints(flags({ name: [hostile] }))[0] ?? '',
    /got "a\\x1b\[2J\\nb\\u202e\\x00"; control character U\+001B/,
  )
})

test('a long value is cut when it is repeated', () => {
  assert.match(complaints(flags({ workers: ['1'.repeat(5000)] }))[0] ?? '', /^.{1,300}… \(5000 characters\)$/)
})

test('a secret that cannot be used is not repeated', () => {
  for (const line of complaints(flags({ probePath: ['hunter2!'], env: ['hunter2!'] }), file({ env: ['hunter2!'] }))) {
    assert.doesNotMatch(line, /hunter2/)
    assert.match(line, /not shown/)
  }
})

test('a repeated flag of a list adds to it, and of anything else replaces', () => {
  const { bind, workers, env } = settle(flags({ bind: ['80', '81'], workers: ['2', '3'], env: ['A=1', 'B=2'] })).config
  assert.deepEqual([bind.length, workers, env], [2, 3, ['A=1', 'B=2']])
  assert.match(complaints(flags({ bind: ['80', '80'] }))[0] ?? '', /the same item is given twice/)
})

test('a stronger source replaces a list, it does not add to it', () => {
  assert.equal(settle(file({ bind: ['80', '81'] }), flags({ bind: ['82'] })).config.bind.length, 1)
})

test('PORT, WEB_CONCURRENCY and FORWARDED_ALLOW_IPS are heard, and weaker than the names of our own', () => {
  const general = { PORT: '3000', WEB_CONCURRENCY: '4', FORWARDED_ALLOW_IPS: '*' }
  const { bind, workers, forwardedAllowIps } = settle(environment(general)).config
  assert.deepEqual([bind, workers, forwardedAllowIps], [[{ kind: 'tcp', host: '0.0.0.0', port: 3000 }], 4, ['*']])
  assert.equal(settle(environment({ ...general, TSICORN_WORKERS: '2' })).config.workers, 2)
  assert.deepEqual(complaints(environment({ PORT: 'none of your business', TSICORN_BIND: '80' })), [])
  assert.match(complaints(environment({ WEB_CONCURRENCY: '' }))[0] ?? '', /^environment: WEB_CONCURRENCY: .*got ""$/)
})

test('variables that only begin like ours, or are for other parts of tsicorn, are no settings', () => {
  assert.deepEqual(complaints(environment({ TSICORNER: 'x', TSICORN_CMD_ARGS: '-w 2', TSICORN_HAND_OVER: '{}' })), [])
})

test('a setting that has its place says where it belongs', () => {
  assert.match(
    complaints(file({ config: 'x' }))[0] ?? '',
    /to stand on the command line, as --config, or in the environment/,
  )
  assert.match(complaints(file({ checkConfig: true }))[0] ?? '', /to stand on the command line, as --check-config$/)
  assert.match(complaints(environment({ TSICORN_PRINT_CONFIG: '1' }))[0] ?? '', /as --print-config$/)
})

test('a config is frozen through and through', () => {
  const { config } = settle(file({ bind: ['80'] }))
  assert.throws(() => Object.assign(config, { workers: 2 }), TypeError)
  assert.throws(() => Object.assign(config.bind[0] ?? {}, { port: 1 }), TypeError)
  assert.throws(() => (config.forwardedAllowIps as string[]).push('*'), TypeError)
})
