import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Failure } from '../contract/errors.ts'
import { exitCodes } from '../contract/exit-codes.ts'
import { distance } from '../settings/suggest.ts'
import type { Context } from './context.ts'

/** The pages are files of the package: what is printed is what can be read there. */
const folder = new URL('../../templates/docs/', import.meta.url)

/** Prints a page of the documentation, or which there are. Throws Failure USAGE for a topic that does not exist. */
export async function runDocs(topic: string | undefined, { stdout }: Context): Promise<number> {
  const topics = (await readdir(fileURLToPath(folder))).flatMap((name) => /^(.+)\.md$/.exec(name)?.[1] ?? []).sort()
  if (topic === undefined) stdout.write(await listOf(topics))
  else if (topics.includes(topic)) stdout.write(await read(topic))
  else throw unknown(topic, topics)
  return exitCodes.ok
}

function read(topic: string): Promise<string> {
  return readFile(new URL(`${topic}.md`, folder), 'utf8')
}

/** Each topic with the heading of its page. */
async function listOf(topics: readonly string[]): Promise<string> {
  const width = Math.max(...topics.map((topic) => topic.length))
  const rows = topics.map(async (topic) => {
    const heading = /^# (.+)$/m.exec(await read(topic))?.[1] ?? ''
    return `  ${topic.padEnd(width)}  ${heading}\n`
  })
  return `Topics of the documentation; tsicorn docs TOPIC prints one.\n\n${(await Promise.all(rows)).join('')}`
}

function unknown(topic: string, topics: readonly string[]): Failure {
  const meant = topics.find((name) => name.startsWith(topic) || distance(topic, name) <= 2)
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`
  return new Failure('USAGE', `there is no topic ${JSON.stringify(topic)}${hint}`, {
    fix: `Topics: ${topics.join(', ')}`,
  })
}
