import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { closeSync, constants, existsSync, openSync, readFileSync, readSync, renameSync } from 'node:fs'
import test from 'node:test'
import { AccessOutlet, type AccessTrouble } from '../../src/log/access/outlet.ts'
import { tempDir } from '../helpers/temp-dir.ts'
import { until } from '../helpers/until.ts'

function open(file: string, put?: (fd: number, bytes: Uint8Array) => number) {
  const troubles: AccessTrouble[] = []
  const options = { file, owner: null, stdout: 1, onTrouble: (trouble: AccessTrouble) => troubles.push(trouble) }
  const outlet = new AccessOutlet(put === undefined ? options : { ...options, put })
  return { outlet, troubles }
}

const linesOf = (file: string): readonly string[] => readFileSync(file, 'utf8').split('\n').slice(0, -1)

test('a line is in the file soon, without anybody asking for it', async () => {
  await using dir = await tempDir()
  const { outlet } = open(dir.join('access.log'))
  outlet.write('one\n')
  await until(() => linesOf(dir.join('access.log')).length === 1)
  outlet.close()
})

test('lines of before a rotation go to the old file and those after it to the new one', async () => {
  await using dir = await tempDir()
  const [file, old] = [dir.join('access.log'), dir.join('access.log.1')]
  const { outlet } = open(file)
  outlet.write('before\n')
  renameSync(file, old)
  outlet.reopen()
  outlet.write('after\n')
  outlet.close()
  assert.deepEqual([linesOf(old), linesOf(file)], [['before'], ['after']])
})

test('when the file cannot be opened anew the old one stays in use, and that is told', async () => {
  await using dir = await tempDir()
  const file = await dir.write('logs/access.log', '')
  const { outlet, troubles } = open(file)
  renameSync(dir.join('logs'), dir.join('gone'))
  outlet.reopen()
  outlet.write('still here\n')
  outlet.close()
  assert.deepEqual(linesOf(dir.join('gone/access.log')), ['still here'])
  assert.deepEqual(
    troubles.map(({ type }) => type),
    ['reopen-failed'],
  )
})

test('a full disk is told once, and the lines that were lost are counted', { skip: !existsSync('/dev/full') }, () => {
  const { outlet, troubles } = open('/dev/full')
  for (let line = 0; line < 5; line += 1) {
    outlet.write('lost\n')
    outlet.flush()
  }
  outlet.close()
  assert.deepEqual(
    troubles.map(({ type }) => type),
    ['stuck', 'over'],
  )
  assert.ok(troubles[1]?.type === 'over' && troubles[1].lost === 5)
})

test('lines wait for a disk that is full for a while, and none is lost or torn', async () => {
  await using dir = await tempDir()
  const file = dir.join('access.log')
  const written: string[] = []
  const answers: (number | 'ENOSPC')[] = ['ENOSPC', 'ENOSPC']
  const { outlet, troubles } = open(file, (_fd, bytes) => {
    const answer = answers.shift() ?? bytes.length
    if (answer === 'ENOSPC') throw Object.assign(new Error('ENOSPC: no space left'), { code: 'ENOSPC' })
    written.push(Buffer.from(bytes.subarray(0, answer)).toString())
    return answer
  })
  outlet.write('one\n')
  outlet.flush()
  outlet.write('two\n')
  outlet.flush()
  outlet.flush()
  assert.equal(written.join(''), 'one\ntwo\n')
  answers.push(6, 'ENOSPC')
  outlet.write('three\n')
  outlet.write('four\n')
  outlet.flush()
  outlet.flush()
  outlet.write('five and six\n')
  answers.push(3)
  outlet.flush()
  outlet.write('seven\n')
  outlet.close()
  assert.equal(written.join(''), 'one\ntwo\nthree\nfour\nfiv\nseven\n')
  assert.deepEqual(
    troubles.filter(({ type }) => type === 'over').map((trouble) => 'lost' in trouble && trouble.lost),
    [1],
  )
})

test('a reader that never reads costs lines, not memory, and never holds anybody up', async () => {
  await using dir = await tempDir()
  const fifo = dir.join('fifo')
  execFileSync('mkfifo', [fifo])
  const reader = openSync(fifo, constants.O_RDONLY | constants.O_NONBLOCK)
  const { outlet, troubles } = open(fifo)
  const line = `${'x'.repeat(99)}\n`
  const count = 40_000
  for (let at = 0; at < count; at += 1) outlet.write(line)
  let text = ''
  const buffer = Buffer.alloc(65_536)
  const drain = (): void => {
    for (;;) {
      try {
        const got = readSync(reader, buffer)
        if (got === 0) return
        text += buffer.toString('latin1', 0, got)
      } catch {
        return
      }
    }
  }
  await until(() => {
    outlet.flush()
    drain()
    return troubles.some(({ type }) => type === 'over')
  })
  outlet.close()
  drain()
  closeSync(reader)
  const arrived = text.split('\n').slice(0, -1)
  assert.ok(arrived.every((got) => got === 'x'.repeat(99)))
  const lost = troubles.reduce((sum, trouble) => sum + (trouble.type === 'over' ? trouble.lost : 0), 0)
  assert.equal(arrived.length + lost, count)
  assert.ok(lost > 0)
})
