import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import test from 'node:test'
import type { Ask, Question } from '../../src/cli/init/interview.ts'
import type { TempDir } from '../helpers/temp-dir.ts'
import { project, runInitIn, snapshot } from './init-project.ts'

const given = ['--name', 'guestbook', '--domain', 'localhost', '--app', './server.js', '--workers', '2']
const socket = 'deploy/etc/systemd/system/guestbook.socket'

/** Somebody who says these words to questions that begin so, in this order, and else presses Enter. */
function person(...script: readonly (readonly [question: string, answer: string])[]) {
  const left = [...script]
  const asked: Question[] = []
  const ask: Ask = async (question) => {
    asked.push(question)
    const [start = '-', answer = ''] = left[0] ?? []
    if (!question.message.startsWith(start)) return question.default
    left.shift()
    return answer
  }
  return { ask, asked, left }
}

async function editSocket(dir: TempDir): Promise<void> {
  await dir.write(socket, `${readFileSync(dir.join(socket), 'utf8')}# by hand\n`)
}

test('answers that do not go together are told with the way back to them, and nothing of the conversation is lost', async () => {
  await using dir = await project()
  const { ask, asked, left } = person(
    ['Certificate', 'off'],
    ['Files that', 'none'],
    ['Files that', '<'],
    ['Worker', '<'],
    ['What stands', '<'],
    ['Certificate', 'self-signed'],
  )
  const { code, stdout } = await runInitIn(dir.path, [...given, '--hsts'], ask)
  assert.deepEqual([code, left], [0, []])
  assert.match(stdout, /expected hsts only with TLS, got tls off\nChange the answer: < goes back to it/)
  assert.equal(asked.filter(({ message }) => message.startsWith('Name of')).length, 1)
  const { tls, hsts } = JSON.parse(readFileSync(dir.join('deploy/site.json'), 'utf8'))
  assert.deepEqual([tls, hsts], ['self-signed', true])
})

test('who has edited a file that has something new is asked, and loses nothing by pressing Enter', async () => {
  await using dir = await project()
  await runInitIn(dir.path, given)
  await editSocket(dir)
  const before = snapshot(dir.path)
  const { ask, asked } = person(['Worker', '3'])
  const { code, stdout } = await runInitIn(dir.path, [], ask)
  assert.equal(code, 130)
  assert.match(stdout, /edited by you, and new +deploy\/etc\/systemd\/system\/guestbook\.socket/)
  assert.match(stdout, /Nothing was written\.\n$/)
  const last = asked.at(-1)
  assert.deepEqual([last?.default, last?.choices], ['no', ['no', 'replace', 'back']])
  assert.deepEqual(snapshot(dir.path), before)
})

test('who says replace has the file replaced, and keeps what was edited where nothing is new', async () => {
  await using dir = await project()
  await runInitIn(dir.path, given)
  await editSocket(dir)
  const service = 'deploy/etc/sysusers.d/guestbook.conf'
  await dir.write(service, `${readFileSync(dir.join(service), 'utf8')}# by hand\n`)
  const { ask } = person(['Worker', '3'], ['Write these', 'replace'])
  const { code, stdout } = await runInitIn(dir.path, [], ask)
  assert.equal(code, 0)
  assert.match(stdout, /replaced +deploy\/etc\/systemd\/system\/guestbook\.socket/)
  assert.match(stdout, /kept as edited +deploy\/etc\/sysusers\.d\/guestbook\.conf/)
  assert.match(readFileSync(dir.join(socket), 'utf8'), /3\.sock/)
  assert.match(readFileSync(dir.join(service), 'utf8'), /# by hand/)
})

test('the plan tells what of earlier answers is removed and what is left', async () => {
  await using dir = await project()
  await runInitIn(dir.path, given)
  const site = 'deploy/etc/nginx/sites-available/guestbook.conf'
  await dir.write(site, `${readFileSync(dir.join(site), 'utf8')}# by hand\n`)
  const before = snapshot(dir.path)
  const { stdout } = await runInitIn(dir.path, ['--proxy', 'haproxy'], person(['Write these', 'no']).ask)
  assert.match(stdout, /^These answers have no use for files of earlier ones:$/m)
  assert.match(stdout, /^ {2}left as you edited it +deploy\/etc\/nginx\/sites-available\/guestbook\.conf$/m)
  assert.match(stdout, /^ {2}removed +deploy\/etc\/nginx\/tsicorn\/guestbook\/headers\.conf$/m)
  assert.deepEqual(snapshot(dir.path), before)
})

test('--diff shows what changes in the files, without the lines that tell who wrote them', async () => {
  await using dir = await project()
  await runInitIn(dir.path, given)
  const { stdout } = await runInitIn(dir.path, ['--workers', '3', '--diff'])
  assert.match(stdout, /^\+ListenStream=\/run\/guestbook\/3\.sock$/m)
  assert.doesNotMatch(stdout, /sha256/)
  await dir.write(socket, readFileSync(dir.join(socket), 'utf8').replace(/tsicorn \S+ wrote/, 'tsicorn 0.0.1 wrote'))
  assert.equal((await runInitIn(dir.path, ['--diff'])).stdout, `${socket} (only the line that tells who wrote it)\n`)
})
