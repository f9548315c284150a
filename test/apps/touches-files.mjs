// Reads and writes the files it is told to, ?read=PATH or ?write=PATH, and answers with what became of it: done, or the error's code.
import { open } from 'node:fs/promises'

export default async function touch(request, response) {
  const { searchParams } = new URL(request.url, 'http://localhost')
  const [[deed, path] = []] = searchParams
  response.end(path === undefined ? 'ready' : await attempt(path, deed === 'write' ? 'a' : 'r'))
}

async function attempt(path, flags) {
  try {
    const file = await open(path, flags)
    await file.close()
    return 'done'
  } catch (error) {
    return error.code
  }
}
