import { defineEventHandler } from 'h3'
import { left } from '../state.mjs'

export default defineEventHandler((event) => {
  const gone = new Promise((resolve) => event.node.res.once('close', resolve))
  return gone.then(() => {
    left.hang += 1
  })
})
