import { defineEventHandler } from 'h3'
import { gate } from '../state.mjs'

export default defineEventHandler(() => String(gate.open()))
