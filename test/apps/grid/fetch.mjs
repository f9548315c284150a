// A fetch handler, exported as Bun and Deno have it.
import { answer } from './web-routes.mjs'

export { start as startup, stop as shutdown } from './state.mjs'

export default { port: 3000, fetch: answer }
