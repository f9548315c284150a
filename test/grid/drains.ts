import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { repository } from '../helpers/repository.ts'

const names = ['deadline', 'hand-over', 'recycle', 'reload', 'scale', 'stop']
const files = names.map((name) => join('test', 'integration', `drain-${name}.test.ts`))

/** The longest a test may take, in milliseconds. */
const patience = 600_000

/**
 * Runs the tests of drains with the flags of a worker class, and returns whether all passed. They keep many clients busy at
 * a time at two workers or one, so they are not for a class that serves one request at a time: what those promise is in
 * worker-class-drains.test.ts.
 */
export function drainsPass(flags: readonly string[]): boolean {
  const runner = ['--import', 'tsx', '--test', '--test-reporter=spec', `--test-timeout=${patience}`]
  const { NODE_TEST_CONTEXT, ...env } = process.env
  const { status } = spawnSync(process.execPath, [...runner, ...files], {
    ...{ cwd: repository, stdio: 'inherit', timeout: files.length * patience },
    env: { ...env, DRAIN_CLASS: flags.join(' ') },
  })
  return status === 0
}
