import assert from 'node:assert/strict'
import test from 'node:test'
import { cleanEnvironment } from '../helpers/clean-environment.ts'
import { launcher } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import { spawnCli } from '../helpers/spawn-cli.ts'
import { tempDir } from '../helpers/temp-dir.ts'

/** Runs tsicorn from a shell line, where it is `"$0" "$1"`. */
function shell(line: string) {
  return runProgram('/bin/sh', ['-c', line, process.execPath, launcher], { env: cleanEnvironment() })
}

test('what is wrong with a command line is said on standard error with status 2, and never with a stack', async () => {
  await using dir = await tempDir()
  const broken = await dir.write('c.ts', 'export default {\n  workers: 3\n  app: 1\n}')
  const lines = [['-w', '0'], ['--wokers', '3'], ['-c', broken], ['--umask', '999'], ['inti'], ['a', 'b'], []]
  for (const args of lines) {
    const { code, stdout, stderr } = await spawnCli(args, { cwd: dir.path })
    assert.deepEqual([code, stdout], [2, ''], args.join(' '))
    assert.match(stderr, /^tsicorn: /)
    assert.doesNotMatch(stderr, /^\s+at /m)
  }
})

test('--print-config needs no application, and prints on standard output', async () => {
  await using dir = await tempDir()
  const { code, stdout, stderr } = await spawnCli(['--print-config', '-w', '3'], { cwd: dir.path })
  assert.deepEqual([code, stderr], [0, ''])
  assert.match(stdout, /^workers += 3 +# from command line: --workers$/m)
})

test('a reader that leaves early is no failure', async () => {
  const { code, stdout, stderr } = await shell('{ "$0" "$1" --help; echo "status $?" >&2; } | head -n 1')
  assert.equal(code, 0)
  assert.match(stdout, /^tsicorn runs/)
  assert.equal(stderr, 'status 0\n')
})

test('output that could not be written is a failure', async () => {
  assert.equal((await shell('"$0" "$1" --help > /dev/full')).code, 1)
})

test('closed standard streams do no harm', async () => {
  assert.equal((await shell('"$0" "$1" --version <&- >&- 2>&-')).code, 0)
  assert.equal((await shell('"$0" "$1" -w 0 <&- >&- 2>&-')).code, 2)
})

test('a working directory that is gone is said in words', async () => {
  await using dir = await tempDir()
  const { code, stderr } = await shell(
    `mkdir '${dir.join('x')}'; cd '${dir.join('x')}'; rmdir '${dir.join('x')}'; "$0" "$1" a.js`,
  )
  assert.equal(code, 2)
  assert.match(stderr, /^tsicorn: expected a current directory, got one that no longer exists\n$/)
})
