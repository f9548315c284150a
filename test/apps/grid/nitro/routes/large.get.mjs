import { Readable } from 'node:stream'
import { defineEventHandler } from 'h3'
import { large } from '../state.mjs'

export default defineEventHandler(() => Readable.from(large()))
