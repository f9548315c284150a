// Opens the unix socket at the path of its first argument again and again as if after a crash, while another process does the same.
// Says as JSON how often it got it, and how often the other one then took it away while it was listening.
import { closeSync, lstatSync } from 'node:fs'
import { Failure } from '../../../src/contract/errors.ts'
import { openListener } from '../../../src/system/open-listener.ts'

const path = process.argv[2] ?? ''
const rounds = 1000
const result = { opened: 0, robbed: 0, refused: 0 }

process.stdin
  .on('end', () => {
    for (let round = 0; round < rounds; round += 1) tryOnce()
    process.stdout.write(`${JSON.stringify(result)}\n`)
  })
  .resume()
process.stdout.write('waiting\n')

function tryOnce(): void {
  try {
    const { fd, file } = openListener({ kind: 'unix', path }, { backlog: 1, mode: 0o660, owner: null })
    result.opened += 1
    if (lstatSync(path, { throwIfNoEntry: false })?.ino !== file?.inode) result.robbed += 1
    closeSync(fd)
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== 'BIND_IN_USE') throw error
    result.refused += 1
  }
}
