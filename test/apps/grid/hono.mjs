import { makeRoutes } from './hono-routes.mjs'

export { start as startup, stop as shutdown } from './state.mjs'

export default makeRoutes()
