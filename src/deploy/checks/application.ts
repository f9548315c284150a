import { randomBytes } from 'node:crypto'
import { findLogged, upstreamOf } from '../access-log.ts'
import { type Check, fail, judge, pass, type Verdict } from '../check.ts'
import { ask, urlOf } from '../client.ts'
import { readableLine } from '../log-line.ts'
import { findSample } from '../static-sample.ts'
import { type CheckTarget, frontDoor } from '../target.ts'
import { withoutProbe, withoutProxy } from './exemptions.ts'
import { viewOf } from './view.ts'

export const answers: Check = {
  id: 'app.answers',
  layer: 'live',
  group: 'Application',
  title: 'The page comes through to the application',
  why: 'This is what the site is for.',
  how: 'GET of / with a mark in the query; the status, and the socket that the access log names for the mark',
  needs: ['nginx.syntax'],
  active: false,
  within: 30_000,
  run: checkAnswer,
}

export const balanced: Check = {
  id: 'workers.balanced',
  layer: 'live',
  group: 'Application',
  title: 'Requests reach every worker',
  why: 'A worker that gets no request is memory without use, and the others do its work.',
  how: 'requests, several at a time, until each worker slot has answered one',
  needs: ['app.answers'],
  active: false,
  within: 30_000,
  exempt: withoutProbe,
  run: checkBalance,
}

export const servedByNginx: Check = {
  id: 'static.served-by-nginx',
  layer: 'live',
  group: 'Application',
  title: 'Static files are served by the proxy',
  why: 'Each file served by a worker costs as much as a page.',
  how: 'GET of a file from each static folder; its length, and who the access log says answered',
  needs: ['nginx.syntax'],
  active: false,
  within: 20_000,
  exempt: (target) =>
    withoutProxy(target) ?? (target.staticFolders.length === 0 ? 'the site has no static files' : null),
  run: checkStatic,
}

async function checkAnswer(target: CheckTarget, signal: AbortSignal): Promise<Verdict> {
  const endpoint = frontDoor(target)
  const mark = makeMark()
  const answer = await ask(endpoint, { path: `/?${mark}`, signal })
  const bySocket =
    target.front !== 'tsicorn' ? upstreamOf((await findLogged(target.logDirectory, mark, signal)) ?? '') : ''
  const expected = `${urlOf(endpoint, '/')} answered by a worker with a status below 500`
  const problems: string[] = []
  if (answer.status >= 500) problems.push(`status ${answer.status}; the server says: ${lastWords(target)}`)
  if (bySocket === null) problems.push(`status ${answer.status}, but the access log names no worker's socket for it`)
  // What the application itself says is for its developers.
  const fix = bySocket === null ? target.renderAgain : null
  return judge(expected, `status ${answer.status}${bySocket ? ` by ${bySocket}` : ''}`, problems, fix)
}

async function checkBalance(target: CheckTarget, signal: AbortSignal): Promise<Verdict> {
  const counts = new Map<number, number>()
  for (let round = 0; round < 25 && counts.size < target.workers; round += 1) {
    const views = await Promise.all(Array.from({ length: 4 * target.workers }, () => viewOf(target, { signal })))
    for (const { slot } of views) counts.set(slot, (counts.get(slot) ?? 0) + 1)
  }
  const slots = Array.from({ length: target.workers }, (_, index) => index + 1)
  const found = slots.map((slot) => `worker ${slot}: ${counts.get(slot) ?? 0}`).join(', ')
  const expected = `answers from ${target.workers} of ${target.workers} workers`
  return slots.every((slot) => counts.has(slot)) ? pass(expected, found) : fail(expected, found, target.renderAgain)
}

async function checkStatic(target: CheckTarget, signal: AbortSignal): Promise<Verdict> {
  const problems: string[] = []
  const found: string[] = []
  for (const { prefix, directory } of target.staticFolders) {
    const sample = await findSample(directory)
    if (sample === null) problems.push(`${directory} holds no file to ask for`)
    else {
      const { words, right } = await askForFile(
        target,
        `${prefix.replace(/\/$/, '')}/${sample.path}`,
        sample.bytes,
        signal,
      )
      ;(right ? found : problems).push(words)
    }
  }
  return judge('status 200, the whole file, no worker involved', found.join(', '), problems, target.renderAgain)
}

async function askForFile(target: CheckTarget, path: string, bytes: number, signal: AbortSignal) {
  const mark = makeMark()
  const { status, headers } = await ask(frontDoor(target), { path: `${path}?${mark}`, signal })
  const line = await findLogged(target.logDirectory, mark, signal)
  const whole = status === 200 && Number(headers['content-length']) === bytes
  if (!whole) return { right: false, words: `${path}: status ${status}, ${headers['content-length'] ?? 'no'} length` }
  if (line === null) return { right: false, words: `${path}: not in the access log` }
  const socket = upstreamOf(line)
  return { right: socket === null, words: `${path} by ${socket ?? target.front}` }
}

function makeMark(): string {
  return `tsicorn-check=${randomBytes(6).toString('hex')}`
}

function lastWords(target: CheckTarget): string {
  return target.master.lastLines().slice(-3).map(readableLine).join(' | ')
}
