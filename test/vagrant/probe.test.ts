import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'

/** What an emulator does with `-accel kvm` and `-accel tcg`: a kernel that finds no disk has booted, and says so. */
const boots = 'echo "Kernel panic - not syncing: VFS: Unable to mount root fs"'
const emulators = {
  'an emulator alone': { does: `case "$*" in *"-accel tcg"*) ${boots} ;; *) exit 1 ;; esac`, said: 'qemu' },
  'an emulator whose kernel stays silent': { does: 'echo "Linux version"', said: 'none' },
  'a KVM that boots nothing': {
    does: `case "$*" in *"-accel tcg"*) ${boots} ;; *) sleep 60 ;; esac`,
    said: 'qemu',
  },
  'an emulator that fails': { does: 'exit 1', said: 'none' },
} as const

for (const [host, { does, said }] of Object.entries(emulators)) {
  test(`on a host with ${host} the probe says "${said}"`, async () => {
    await using dir = await tempDir()
    await dir.write('qemu-system-x86_64', `#!/bin/sh\n${does}\n`, 0o755)
    const env = { ...process.env, PATH: `${dir.path}:${process.env['PATH']}` }
    const probe = join(repository, 'vagrant/box/probe')
    const { code, stdout, stderr } = await runProgram(probe, ['/dev/null'], { env })
    assert.deepEqual({ code, stdout, stderr }, { code: 0, stdout: `${said}\n`, stderr: '' })
  })
}
