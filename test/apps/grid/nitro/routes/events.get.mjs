import { createEventStream, defineEventHandler } from 'h3'
import { left } from '../state.mjs'

export default defineEventHandler((event) => {
  const stream = createEventStream(event)
  stream.onClosed(() => {
    left.events += 1
  })
  stream.push({ id: '1', data: 'hello' })
  return stream.send()
})
