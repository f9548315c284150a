import { resolve } from 'node:path'
import { pass } from '../contract/probe.ts'
import { createGuestProbe, createProbe, type Probe } from '../http/probe.ts'
import type { ServerConfig } from '../settings/server-table.ts'
import { createPassReader } from './read-pass.ts'

/** The server's own answers to whoever checks it: at the path of its settings, or for whoever has left a pass. */
export function ownAnswers({ probePath, controlSocket }: ServerConfig, slot: number): Probe | null {
  const who = { pid: process.pid, slot }
  if (probePath !== null) return createProbe({ ...who, path: probePath })
  const user = process.geteuid?.()
  if (controlSocket === null || user === undefined) return null
  // The application may go to another directory.
  const path = resolve(controlSocket) + pass.ending
  const token = createPassReader({ path, user, clock: () => performance.now() })
  return createGuestProbe({ ...who, prefix: pass.prefix, token })
}
