// Does what it is told and answers with what became of it: done, or the error's code. ?read=PATH and ?write=PATH open a file;
// ?lookup=NAME and ?resolve=NAME ask for an address, of the system and of the name server; ?ask=URL asks another server by TLS;
// ?keep=NAME keeps the body in the state directory and ?run=PROGRAM runs one.
import { execFile } from 'node:child_process'
import { lookup, resolve4 } from 'node:dns/promises'
import { createWriteStream } from 'node:fs'
import { open } from 'node:fs/promises'
import https from 'node:https'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'

const deeds = {
  read: (path) => touch(path, 'r'),
  write: (path) => touch(path, 'a'),
  lookup: async (name) => (await lookup(name)).address,
  resolve: async (name) => (await resolve4(name))[0],
  ask: (url) =>
    new Promise((resolve, reject) => {
      https.get(url, { rejectUnauthorized: false }, ({ statusCode }) => resolve(statusCode)).on('error', reject)
    }),
  keep: (name, request) => pipeline(request, createWriteStream(join(process.env.STATE_DIRECTORY, name))),
  run: async (program) => (await promisify(execFile)(program)).stdout.trim(),
}

async function touch(path, flags) {
  await (await open(path, flags)).close()
}

export default async function obey(request, response) {
  const { searchParams } = new URL(request.url, 'http://localhost')
  const [[deed, what] = []] = searchParams
  try {
    response.end(deed === undefined ? 'ready' : String((await deeds[deed](what, request)) ?? 'done'))
  } catch (error) {
    response.end(error.code)
  }
}
