import { defineEventHandler } from 'h3'
import { left } from '../state.mjs'

export default defineEventHandler(() => left)
