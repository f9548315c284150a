import { createServer } from 'node:http'
import express from 'express'
import { addRoutes } from './express-routes.mjs'
import { addSockets } from './sockets.mjs'

export { start as startup, stop as shutdown } from './state.mjs'

export const app = addRoutes(express(), express)
export const server = addSockets(createServer(app))
