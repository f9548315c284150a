import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { until } from './until.ts'

/** More of the end of a log than this is not read. */
const tailBytes = 256 * 1024

/**
 * The line of the access log that holds `mark`, out of any `.log` file of the folder.
 * nginx writes it when the answer is complete, which may be a moment after we have read it; null when it does not come.
 */
export function findLogged(folder: string, mark: string, signal?: AbortSignal): Promise<string | null> {
  return until(() => findOnce(folder, mark), { within: 3000, signal })
}

/**
 * The socket that answered, as the site's log format notes it from `$upstream_addr`; null when nginx itself did.
 * After a retry nginx lists every address it tried, and the last one answered.
 */
export function upstreamOf(line: string): string | null {
  const addresses = (line.startsWith('{') ? upstreamInJson(line) : /^.* upstream=(.*) id=\S*$/.exec(line)?.[1]) || '-'
  const last = addresses.split(', ').at(-1) ?? '-'
  // HAProxy has a word for it when it answers itself.
  return last === '-' || last === '<NOSRV>' ? null : last
}

function upstreamInJson(line: string): string | undefined {
  // Caddy's line has no room for the socket but in the name of the user.
  const { upstream, user_id } = JSON.parse(line) as { readonly upstream?: string; readonly user_id?: string }
  return upstream ?? user_id
}

async function findOnce(folder: string, mark: string): Promise<string | null> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.log'))
  for (const name of names) {
    const line = (await readTail(join(folder, name))).split('\n').find((candidate) => candidate.includes(mark))
    if (line !== undefined) return line
  }
  return null
}

async function readTail(path: string): Promise<string> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const start = Math.max(0, size - tailBytes)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await file.close()
  }
}
