// Run by main.ts: whether Vagrant understands the description of the machines for the providers that it brings along.
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { repository } from '../helpers/repository.ts'
import { runProgram } from '../helpers/run-program.ts'
import { tempDir } from '../helpers/temp-dir.ts'

/** All that Vagrant asks of VirtualBox to read a description. */
const virtualBox = '#!/bin/sh\n[ "$1" != --version ] || echo 6.1.50r161033\n'

for (const provider of ['libvirt', 'virtualbox']) {
  for (const box of ['a public box', 'tsicorn/bookworm']) {
    test(`the machines can be had from ${provider} with ${box}`, async () => {
      await using dir = await tempDir()
      await dir.write('VBoxManage', virtualBox, 0o755)
      const env = {
        ...process.env,
        PATH: `${dir.path}:${process.env['PATH']}`,
        VAGRANT_HOME: dir.join('home'),
        VAGRANT_DOTFILE_PATH: dir.join('state'),
        VAGRANT_CWD: join(repository, 'vagrant'),
        VAGRANT_CHECKPOINT_DISABLE: '1',
        VAGRANT_DEFAULT_PROVIDER: provider,
        ...(box.startsWith('tsicorn/') ? { TSICORN_BOX: box, TSICORN_DRIVER: 'qemu' } : {}),
      }
      const { code, stdout, stderr } = await runProgram('vagrant', ['--no-tty', 'validate'], { env })
      assert.equal(code, 0, stdout + stderr)
      assert.match(stdout, /validated successfully/)
      assert.doesNotMatch(stdout, /Ignoring/)
    })
  }
}
