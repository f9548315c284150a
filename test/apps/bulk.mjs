// /bytes/N sends so many bytes, made as they are wanted; /never never answers; /hog takes every descriptor there is, and
// /unhog gives them back; anything else counts what it is sent.
import { closeSync, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const hogged = []
const chunk = Buffer.alloc(64 * 1024, 'tsicorn ')

function* bytes(count) {
  for (let left = count; left > 0; left -= chunk.length) yield left < chunk.length ? chunk.subarray(0, left) : chunk
}

export default async function carry(request, response) {
  const [, order, number] = request.url.split('/')
  if (order === 'never') return
  if (order === 'hog') return response.end(hog())
  if (order === 'unhog') for (const fd of hogged.splice(0)) closeSync(fd)
  if (order === 'bytes') {
    response.writeHead(200, { 'Content-Length': Number(number) })
    return pipeline(Readable.from(bytes(Number(number))), response).catch(() => {})
  }
  let count = 0
  for await (const part of request) count += part.length
  response.end(String(count))
}

function hog() {
  try {
    for (;;) hogged.push(openSync('/dev/null'))
  } catch (error) {
    return error.code
  }
}
