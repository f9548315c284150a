import assert from 'node:assert/strict'
import {
  chmodSync,
  chownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import test from 'node:test'
import { Failure } from '../../src/contract/errors.ts'
import { createLogger, type Logger } from '../../src/log/logger.ts'
import { viewCredentials } from '../../src/system/proc.ts'
import { startProgram } from '../helpers/start-program.ts'

const skip = process.getuid?.() !== 0 && 'needs root'
const owner = { uid: 65_534, gid: 65_534 }

function openLog(file: string): Logger {
  return createLogger({ level: 'info', file, form: 'json', base: {}, owner })
}

function refusal(file: string): string {
  try {
    openLog(file).close()
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

/** A folder that belongs to root alone all the way, as those of services do; one in /tmp would be everybody's. */
function rootsFolder() {
  const path = mkdtempSync('/run/ts-')
  chmodSync(path, 0o755)
  /** A folder inside that belongs to the application. */
  const application = (): string => {
    mkdirSync(`${path}/app`)
    chownSync(`${path}/app`, owner.uid, owner.gid)
    return `${path}/app`
  }
  return { path, application, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) }
}

function assertOwners(file: string): void {
  const { uid, gid, mode } = lstatSync(file)
  assert.deepEqual([uid, gid, mode & 0o7777], [owner.uid, owner.gid, 0o640])
}

/** Logs one record as the application's user would in a worker. */
async function logAsOwner(file: string): Promise<void> {
  const options = { level: 'info', file, form: 'plain', base: {} }
  const order = { options, name: 'worker', records: 1, length: 5, become: 'nobody' }
  await using worker = startProgram('write-log.ts', { args: [order] })
  assert.deepEqual(await worker.finish(), { code: 0, signal: null }, worker.output())
}

test('in the application’s folder root opens the log as the application, and stays root', { skip }, async () => {
  using folder = rootsFolder()
  const rights = () => ({ ...viewCredentials('self'), groups: process.getgroups?.() })
  const before = rights()
  const file = `${folder.application()}/error.log`
  const log = openLog(file)
  assert.deepEqual(rights(), before)
  assertOwners(file)
  renameSync(file, `${file}.1`)
  log.reopen()
  log.info({ event: 'x' }, 'from the master')
  await logAsOwner(file)
  assertOwners(file)
  assert.match(readFileSync(file, 'utf8'), /from the master.*\n.*<worker 1 worke>\n$/)
  log.close()
})

test('in root’s folder the log is given to the application, so that workers can write it', { skip }, async () => {
  using folder = rootsFolder()
  writeFileSync(`${folder.path}/old.log`, 'before\n', { mode: 0o640 })
  for (const file of [`${folder.path}/new.log`, `${folder.path}/old.log`]) {
    const log = openLog(file)
    log.info({ event: 'x' }, 'from the master')
    await logAsOwner(file)
    assertOwners(file)
    assert.match(readFileSync(file, 'utf8'), /from the master.*\n.*<worker 1 worke>\n$/)
    log.close()
  }
})

test('a link of root’s to another place of root’s is followed', { skip }, () => {
  using folder = rootsFolder()
  mkdirSync(`${folder.path}/real`)
  symlinkSync('real', `${folder.path}/link`)
  openLog(`${folder.path}/link/error.log`).close()
  assertOwners(`${folder.path}/real/error.log`)
})

test('the application cannot lead root’s log to root’s places, by whatever link', { skip }, () => {
  using folder = rootsFolder()
  const app = folder.application()
  mkdirSync(`${folder.path}/secret`, { mode: 0o700 })
  writeFileSync(`${folder.path}/secret/shadow`, 'precious', { mode: 0o600 })
  symlinkSync(`${folder.path}/secret/shadow`, `${app}/soft.log`)
  linkSync(`${folder.path}/secret/shadow`, `${app}/hard.log`)
  symlinkSync(`${folder.path}/secret`, `${app}/folder`)
  symlinkSync(folder.path, `${app}/up`)
  symlinkSync(`${app}/folder`, `${folder.path}/roots-link`)
  const paths = [
    'app/soft.log',
    'app/hard.log',
    'app/folder/new.log',
    'app/folder/shadow',
    'app/up/new.log',
    'roots-link/new.log',
  ]
  for (const path of paths) {
    assert.match(refusal(`${folder.path}/${path}`), /symbolic link|is not root's alone/, path)
  }
  assert.deepEqual(readdirSync(`${folder.path}/secret`), ['shadow'])
  assert.deepEqual(readdirSync(folder.path).sort(), ['app', 'roots-link', 'secret'])
  const shadow = lstatSync(`${folder.path}/secret/shadow`)
  assert.deepEqual([shadow.uid, shadow.mode & 0o777], [0, 0o600])
  assert.equal(readFileSync(`${folder.path}/secret/shadow`, 'utf8'), 'precious')
})

test('a folder that the application cannot enter is refused at the start', { skip }, () => {
  using folder = rootsFolder()
  mkdirSync(`${folder.path}/closed`, { mode: 0o700 })
  assert.match(refusal(`${folder.path}/closed/error.log`), /permission denied/)
})
