// What every application of the grid keeps while it runs, whatever its framework. One copy a process, however it is bundled.
import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'

const key = Symbol.for('grid.state')
globalThis[key] ??= { left: { events: 0, hang: 0 }, life: { started: false, stops: 0 }, waiting: [] }
const state = globalThis[key]

/** How many clients went away early, by route. */
export const { left, life } = state

/** Requests wait here until somebody opens; opening tells how many waited. */
export const gate = {
  wait: () => new Promise((resolve) => state.waiting.push(resolve)),
  open: () => {
    const waiting = state.waiting.splice(0)
    for (const resolve of waiting) resolve()
    return waiting.length
  },
}

const { GRID_GATE } = process.env

/** Where a worker has one request at a time, and nobody could ask it to open, a file that appears is taken and opens. */
function look() {
  if (state.waiting.length === 0 || !existsSync(GRID_GATE)) return
  rmSync(GRID_GATE)
  gate.open()
}

/** As an application connects to its database: some turns of the event loop long. */
export async function start() {
  await new Promise((resolve) => setTimeout(resolve, 20))
  if (GRID_GATE !== undefined) setInterval(look, 10).unref()
  life.started = true
}

export async function stop() {
  life.stops += 1
  await new Promise((resolve) => setTimeout(resolve, 20))
  console.log(`the application has shut down ${life.stops} time`)
}

export const chunk = Buffer.alloc(65_536, 'tsicorn grid ')
export const chunks = 64

/** 4 MiB in 64 pieces. */
export function* large() {
  for (let at = 0; at < chunks; at += 1) yield chunk
}

/** Length and digest of a body, read piece by piece. */
export async function measure(body) {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const piece of body ?? []) {
    bytes += piece.length
    hash.update(piece)
  }
  return { bytes, sha256: hash.digest('hex') }
}
