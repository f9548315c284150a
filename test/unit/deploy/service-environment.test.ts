import assert from 'node:assert/strict'
import test from 'node:test'
import { parseEnvironmentFile, serviceEnvironment } from '../../../src/deploy/service-environment.ts'

test('the service sees its environment file, and nothing else of the shell than what systemd would pass on', () => {
  const own = {
    PATH: '/usr/bin',
    HOME: '/root',
    PORT: '3000',
    NODE_OPTIONS: '--inspect',
    TSICORN_WORKERS: '9',
    TZ: undefined,
  }
  const environment = serviceEnvironment({
    own,
    file: 'DATABASE_URL=postgres:///app\n',
    given: { STATE_DIRECTORY: '/s' },
  })
  assert.deepEqual(environment, {
    PATH: '/usr/bin',
    HOME: '/root',
    NODE_ENV: 'production',
    DATABASE_URL: 'postgres:///app',
    STATE_DIRECTORY: '/s',
  })
})

test('the environment file may say otherwise, but not about what the rehearsal needs', () => {
  const file = 'NODE_ENV=staging\nSTATE_DIRECTORY=/elsewhere'
  const environment = serviceEnvironment({ own: {}, file, given: { STATE_DIRECTORY: '/s' } })
  assert.deepEqual(environment, { NODE_ENV: 'staging', STATE_DIRECTORY: '/s' })
})

const lines: readonly (readonly [text: string, found: Readonly<Record<string, string>>])[] = [
  ['A=1\nB=two words \n', { A: '1', B: 'two words' }],
  ['# A=1\n; B=2\n\nC=3', { C: '3' }],
  [`A="x y"\nB='$HOME "z"'`, { A: 'x y', B: '$HOME "z"' }],
  ['A="a \\"quoted\\" word"', { A: 'a "quoted" word' }],
  ['A=one\\\ntwo', { A: 'onetwo' }],
  ['A=x=y\r\nB=\r\n', { A: 'x=y', B: '' }],
  ['export A=1\nnot a line\n1A=2', {}],
]

for (const [text, found] of lines) {
  test(`an environment file with ${JSON.stringify(text)} is read as systemd reads it`, () => {
    assert.deepEqual(parseEnvironmentFile(text), found)
  })
}
