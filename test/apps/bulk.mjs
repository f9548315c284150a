// /bytes/N sends so many bytes, made as they are wanted, and /made tells how many were made so far; /wait reads nothing
// until somebody asks for /go; /never never answers; /hog takes every descriptor there is, and /unhog gives them back.
// Anything else counts what it is sent, and tells how much of it is as what it sends itself.
import { closeSync, openSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'

const period = 64 * 1024
const chunk = Buffer.alloc(2 * period, 'tsicorn ')
const hogged = []
let made = 0
let go = () => {}
const told = new Promise((resolve) => {
  go = resolve
})

const orders = {
  bytes: (response, number) => {
    response.writeHead(200, { 'Content-Length': Number(number), 'X-Accel-Buffering': 'no' })
    return pipeline(Readable.from(bytes(Number(number))), response).catch(() => {})
  },
  made: (response) => response.end(String(made)),
  go: (response) => response.end(go()),
  never: () => {},
  hog: (response) => response.end(hog()),
  unhog: (response) => {
    for (const fd of hogged.splice(0)) closeSync(fd)
    response.end()
  },
}

function* bytes(count) {
  for (let left = count; left > 0; left -= period) {
    made += Math.min(left, period)
    yield chunk.subarray(0, Math.min(left, period))
  }
}

export default async function carry(request, response) {
  const [, order, number] = request.url.split('/')
  if (orders[order] !== undefined) return orders[order](response, number)
  if (order === 'wait') await told
  let [count, right] = [0, 0]
  for await (const part of request) {
    if (part.equals(chunk.subarray(count % 8, (count % 8) + part.length))) right += part.length
    count += part.length
  }
  response.end(`${count} bytes, ${right} of them right`)
}

function hog() {
  try {
    for (;;) hogged.push(openSync('/dev/null'))
  } catch (error) {
    return error.code
  }
}
