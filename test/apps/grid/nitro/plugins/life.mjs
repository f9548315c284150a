import { defineNitroPlugin } from 'nitropack/runtime'
import { start, stop } from '../state.mjs'

export default defineNitroPlugin((nitroApp) => {
  start()
  nitroApp.hooks.hook('close', stop)
})
