import { start, stop } from '../state.mjs'

export const init = start
process.on('sveltekit:shutdown', stop)
