import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'

const longest = { name: 60, message: 1000 }
const shown = 50

/**
 * The book: one file, one line of JSON an entry, only ever appended to, so that any number of processes share it.
 * Linux keeps each write to a file opened with O_APPEND in one piece and at the end (write(2)).
 */
export function openBook(home) {
  mkdirSync(home, { recursive: true, mode: 0o750 })
  const path = join(home, 'entries.jsonl')
  const seen = { position: 0, total: 0, newest: [] }
  let turn = Promise.resolve()
  return {
    complain,
    write: (entry) => append(path, entry),
    /** How many entries there are, and the newest of them, newest first. One look at the file at a time. */
    read: () => {
      turn = turn.catch(() => undefined).then(() => catchUp(path, seen))
      return turn.then(() => ({
        total: seen.total,
        entries: seen.newest.slice(0, shown),
      }))
    },
  }
}

/** What is wrong with an entry, in words for its writer, or nothing. */
function complain(name, message) {
  if (typeof name !== 'string' || name.trim() === '') return 'Please tell us your name.'
  if (typeof message !== 'string' || message.trim() === '') return 'Please write a few words.'
  if (name.length > longest.name) return `The name is longer than ${longest.name} characters.`
  if (message.length > longest.message) return `The message is longer than ${longest.message} characters.`
  return undefined
}

async function append(path, { name, message, picture }) {
  const entry = {
    id: randomUUID(),
    at: new Date().toISOString(),
    name: name.trim(),
    message: message.trim().replaceAll('\r\n', '\n'),
    picture: picture ?? null,
    worker: process.pid,
  }
  // The newline in front ends a line that a full disk may have cut short; blank lines are skipped.
  const line = Buffer.from(`\n${JSON.stringify(entry)}\n`)
  const file = await open(path, 'a', 0o640)
  try {
    const { bytesWritten } = await file.write(line)
    if (bytesWritten !== line.length) throw new Error('the disk is full: the entry was not kept')
    await file.datasync()
  } finally {
    await file.close()
  }
  return entry
}

/** Reads what others and we have appended since the last look, up to the last complete line. */
async function catchUp(path, seen) {
  const file = await open(path, 'a+', 0o640)
  try {
    const { size } = await file.stat()
    if (size < seen.position) Object.assign(seen, { position: 0, total: 0, newest: [] })
    if (size === seen.position) return
    const bytes = Buffer.alloc(size - seen.position)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, seen.position)
    const end = bytes.subarray(0, bytesRead).lastIndexOf(10) + 1
    const fresh = bytes.toString('utf8', 0, end).split('\n').flatMap(parse)
    seen.position += end
    seen.total += fresh.length
    seen.newest = [...fresh.slice(-shown).reverse(), ...seen.newest].slice(0, shown)
  } finally {
    await file.close()
  }
}

function parse(line) {
  if (line === '') return []
  try {
    return [JSON.parse(line)]
  } catch {
    return []
  }
}
