import { defineEventHandler, setHeader } from 'h3'
import { gate } from '../state.mjs'

async function* firstAndLast() {
  yield new TextEncoder().encode('first\n')
  await gate.wait()
  yield new TextEncoder().encode('last\n')
}

export default defineEventHandler((event) => {
  setHeader(event, 'content-type', 'text/plain')
  setHeader(event, 'x-accel-buffering', 'no')
  return ReadableStream.from(firstAndLast())
})
