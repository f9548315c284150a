// A request listener, and what it wants done before and after.
export { serve as default } from './node-routes.mjs'
export { start as startup, stop as shutdown } from './state.mjs'
