// Run by main.ts: what is said, and how it ends, where no machine can be had.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'

/** An emulator that no kernel boots in, on KVM or not. */
const bootsNothing = '#!/bin/sh\nexit 1\n'

/** What a host may lack: what is said of it, and the words before the program with which it is lacking. */
const lacks = {
  'no kernel boots here, neither on KVM nor emulated': [],
  'only root can make a network for machines': ['--import', 'data:text/javascript,process.getuid = () => 1000'],
} as const

for (const [reason, before] of Object.entries(lacks)) {
  for (const [words, status] of [
    [[], 2],
    [['--if-possible'], 0],
  ] as const) {
    test(`the run says "${reason}", and ends with ${status}${words.map((word) => ` after ${word}`).join()}`, async () => {
      await using dir = await tempDir()
      await dir.write('qemu-system-x86_64', bootsNothing, 0o755)
      const env = { ...process.env, PATH: `${dir.path}:${process.env['PATH']}`, TMPDIR: dir.path }
      const program = ['--import', 'tsx', ...before, join(import.meta.dirname, 'main.ts'), ...words]
      const { code, stdout, stderr } = await runProgram(process.execPath, program, {
        env,
        cwd: repository,
        within: 300_000,
      })
      assert.equal(code, status, stdout + stderr)
      assert.ok(stdout.includes(` s: skipped: ${reason}. vagrant/README.md says`), stdout)
      assert.doesNotMatch(stdout, /machine, with|host 1/)
    })
  }
}
