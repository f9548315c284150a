import { defineEventHandler } from 'h3'
import { measure } from '../state.mjs'

export default defineEventHandler((event) => measure(event.node.req))
