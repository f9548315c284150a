import { defineEventHandler } from 'h3'
import { life } from '../state.mjs'

export default defineEventHandler(() => life)
