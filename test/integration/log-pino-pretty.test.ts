import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'node:test'
import { createLogger } from '../../src/log/logger.ts'
import { repository } from '../helpers/repository.ts'
import { tempDir } from '../helpers/temp-dir.ts'

test('the lines are records as pino writes them: the program pino-pretty shows them with level, event and stack', async () => {
  await using dir = await tempDir()
  const file = dir.join('error.log')
  const log = createLogger({ level: 'info', file, form: 'json', base: { worker: 3 } })
  log.warning({ event: 'worker.exited', err: new TypeError('boom') }, 'worker 3 is gone')
  log.close()
  const program = join(repository, 'node_modules/pino-pretty/bin.js')
  const { status, stdout } = spawnSync(process.execPath, [program, '-x', 'warning:40,critical:60'], {
    ...{ input: readFileSync(file), encoding: 'utf8', timeout: 20_000 },
  })
  assert.equal(status, 0)
  const [head, worker, event] = stdout.split('\n')
  assert.match(head ?? '', /^\[\d\d:\d\d:\d\d\.\d{3}\] WARNING \(\d+\): worker 3 is gone$/)
  assert.deepEqual([worker, event], ['    worker: 3', '    event: "worker.exited"'])
  assert.match(stdout, /"type": "TypeError",\n +"message": "boom",\n +"stack":\n +TypeError: boom\n +at /)
})
